namespace Bgp.Interop.Tests;

/// <summary>What others put into our kernel, as BIRD sees it come and go.</summary>
[NonParallelizable]
internal sealed class RedistributionTests
{
    private readonly PairTopology _pair = new();

    [OneTimeSetUp]
    public void Build()
    {
        _pair.Start([], [], """
            redistribute:
              - {from: kernel, policy: no-default}
              - {from: kernel, table: 100}
              - {from: connected, interfaces: ["wing*", "!wing9"]}
            policies:
              no-default:
                - {match: {prefix: {equal: 0.0.0.0/0}}, action: reject}
                - {match: {kernelMetric: 5}, set: {med: 55, communities: ["64512:5"]}, action: accept}
                - {match: {from: {interface: "eth*"}}, action: accept}
            """);
        foreach (var wing in new[] { "wing0", "wing9" })
        {
            Ip("link", "add", wing, "type", "veth", "peer", "name", $"far-{wing}");
            Ip("link", "set", wing, "up");
            Ip("link", "set", $"far-{wing}", "up");
        }

        _pair.AwaitSession();
    }

    [OneTimeTearDown]
    public void TearDown() => _pair.Dispose();

    [TestCase("254", 7, 7u, "")]
    [TestCase("254", 5, 55u, "64512:5")]
    [TestCase("100", 5, 5u, "")]
    public void KernelRoute_AddedAndDeleted_BirdHasItAndLosesIt(string table, int metric, uint med, string communities)
    {
        string[] route = ["198.51.100.0/24", "via", _pair.Peer.Host.IPv4, "metric", $"{metric}", "table", table];

        Ip(["route", "add", .. route]);
        var received = Eventually.Some("BIRD has the route", () => Received("198.51.100.0/24"));
        Ip(["route", "del", .. route]);
        Eventually.Get("BIRD lost the route", () => Received("198.51.100.0/24"), gone => gone is null);

        Assert.That(
            (received.Origin, received.AsPath, received.NextHop, received.Med, string.Join(' ', received.Communities)),
            Is.EqualTo(("incomplete", $"{PairTopology.SubjectAsn}", _pair.Subject.Host.IPv4, (uint?)med, communities)));
    }

    [Test]
    public void ConnectedSubnet_AddressAndLinkComeAndGo_BirdHasItWhileBothAreThere()
    {
        Ip("address", "add", "203.0.113.1/25", "dev", "wing0");
        Eventually.Some("BIRD has the subnet", () => Received("203.0.113.0/25"));
        Ip("link", "set", "wing0", "down");
        Eventually.Get("BIRD lost it with the link", () => Received("203.0.113.0/25"), gone => gone is null);
        Ip("link", "set", "wing0", "up");
        Eventually.Some("BIRD has it again", () => Received("203.0.113.0/25"));
        Ip("address", "del", "203.0.113.1/25", "dev", "wing0");

        Eventually.Get("BIRD lost it with the address", () => Received("203.0.113.0/25"), gone => gone is null);
    }

    [Test]
    public void WhatIsNotToBeTaken_DoesNotReachBird()
    {
        Ip("address", "add", "203.0.113.129/25", "dev", "wing9");
        Ip("route", "add", "default", "via", _pair.Peer.Host.IPv4);
        // It comes after them, so what has not come by then never will.
        Ip("route", "add", "198.51.101.0/24", "via", _pair.Peer.Host.IPv4);
        Eventually.Some("BIRD has the route that came last", () => Received("198.51.101.0/24"));

        Assert.That((Received("203.0.113.128/25"), Received("0.0.0.0/0")), Is.EqualTo(((Route?)null, (Route?)null)));
    }

    private Route? Received(string prefix) => _pair.Peer.Received(prefix, _pair.Subject.Host);

    private void Ip(params IEnumerable<string> arguments) => _pair.Subject.Host.Namespace.Ip(arguments);
}
