using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config.Tests;

[TestFixture]
internal sealed class DefaultsTests
{
    private const string Minimal = "router:\n  asn: 64512\n";

    [Test]
    public void RouterFile_OnlyAsn_HasEveryDefault()
    {
        var config = Routers.Read(Minimal);

        Assert.That(config, Is.EqualTo(new RouterConfig { Router = new RouterSettings { Asn = new Asn(64512) } }));
    }

    [Test]
    public void Router_NothingElse_HasTheDocumentedDefaults()
    {
        var router = Routers.Read(Minimal).Router;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(router.RouterId, Is.Null);
            Assert.That(router.ClusterId, Is.Null);
            Assert.That(router.ClientToClient, Is.True);
            Assert.That(router.Listen.Select(static endpoint => endpoint.ToString()), Is.EqualTo(new[] { "0.0.0.0:179", "[::]:179" }));
            Assert.That(router.DefaultLocalPref, Is.EqualTo(100u));
            Assert.That(router.Multipath, Is.EqualTo(new MultipathConfig(16, 16)));
            Assert.That(router.BestPath, Is.EqualTo(new BestPathConfig(false, false)));
            Assert.That(router.EbgpRequiresPolicy, Is.True);
        }
    }

    [Test]
    public void Neighbor_AddressAndAsn_HasTheDocumentedDefaults()
    {
        var neighbor = Routers.Neighbor("");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(neighbor, Is.EqualTo(new PeerSettings { Asn = RemoteAs.Of(new Asn(64512)) }));
            Assert.That(neighbor.Port, Is.EqualTo(179));
            Assert.That(neighbor.HoldTime, Is.EqualTo(TimeSpan.FromSeconds(90)));
            Assert.That(neighbor.Keepalive, Is.Null);
            Assert.That(neighbor.SendHoldTime, Is.Null);
            Assert.That(neighbor.ConnectRetry, Is.EqualTo(TimeSpan.FromSeconds(5)));
            Assert.That(neighbor.Families, Is.Null);
            Assert.That(neighbor.ExtendedMessages, Is.True);
            Assert.That(neighbor.ExtendedNextHop, Is.True);
            Assert.That(neighbor.EnforceFirstAs, Is.True);
            Assert.That(neighbor.NextHop, Is.EqualTo(NextHopMode.Auto));
            Assert.That(neighbor.EffectivePassword, Is.Null);
        }
    }

    [Test]
    public void Host_NothingGiven_HasTheDocumentedDefaults()
    {
        var config = Routers.Read(Minimal);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(config.Fib, Is.EqualTo(new FibSettings { Enabled = true, Table = 254, Metric = new FibMetric(1024), Protocol = 186, NexthopObjects = true }));
            Assert.That(config.Api.Socket, Is.EqualTo("/run/bgp/bgp.sock"));
            Assert.That(config.Log, Is.EqualTo(new LogSettings { Level = LogVerbosity.Info, Format = LogFormat.Text }));
        }
    }

    [TestCase("networks:\n")]
    [TestCase("networks: []\naggregates: []\nstaticRoutes: []\nredistribute: []\ndynamicNeighbors: []\n")]
    [TestCase("fib:\napi: {}\nlog: null\nsets:\npolicies:\npeerGroups:\nneighbors:\n")]
    public void Section_Empty_IsItsDefault(string sections)
    {
        Assert.That(Routers.Read(Minimal + sections), Is.EqualTo(Routers.Read(Minimal)));
    }

    [Test]
    public void RouterFile_AsJson_IsTheSame()
    {
        var config = Routers.Read("""{"router": {"asn": 64512, "routerId": "192.0.2.1"}, "neighbors": [{"address": "fd00::2", "asn": "1.10", "holdTime": "2m"}]}""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(config.Router.RouterId.ToString(), Is.EqualTo("192.0.2.1"));
            Assert.That(config.Neighbors[0].Settings.Asn, Is.EqualTo(RemoteAs.Of(new Asn(65546))));
            Assert.That(config.Neighbors[0].Settings.HoldTime, Is.EqualTo(TimeSpan.FromMinutes(2)));
        }
    }

    [TestCase("90s", 90_000)]
    [TestCase("2m", 120_000)]
    [TestCase("1h30m", 5_400_000)]
    [TestCase("1m30s", 90_000)]
    [TestCase("0s", 0)]
    [TestCase("0", 0)]
    [TestCase("1s500ms", 1_500)]
    public void Duration_WithUnits_IsTheirSum(string text, int milliseconds)
    {
        var isRead = DurationKind.TryParse(text, out var value);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(isRead, Is.True);
            Assert.That(value, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
        }
    }

    [TestCase("")]
    [TestCase("90")]
    [TestCase("s")]
    [TestCase("30s1m")]
    [TestCase("1s1s")]
    [TestCase("1.5s")]
    [TestCase("-1s")]
    [TestCase("90 s")]
    [TestCase("1234567890s")]
    public void Duration_OtherText_IsNone(string text)
    {
        Assert.That(DurationKind.TryParse(text, out _), Is.False);
    }
}
