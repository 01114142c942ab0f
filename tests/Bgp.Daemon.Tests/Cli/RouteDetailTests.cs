using System.Text.Json;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

/// <summary>What `bgp show routes PREFIX` says of each path.</summary>
internal sealed class RouteDetailTests
{
    private static readonly RouteView Reflected = new()
    {
        Prefix = IpPrefix.Parse("203.0.113.0/24"),
        AsPath = "65001 65002",
        Origin = Origin.Igp,
        NextHop = IpAddress.Parse("10.0.0.7"),
        LocalPref = 100,
        Med = 30,
        Communities = ["64512:1", "no-export"],
        LargeCommunities = ["64512:1:2"],
        OriginatorId = new RouterId(0x0a000007),
        ClusterList = [new RouterId(0x0a0000fa), new RouterId(0x0a0000fb)],
        Source = RouteSource.Internal,
        PathId = new PathId(3),
        IsValid = true,
        IsBest = true,
        Ways = new Forwarding([new ForwardingHop(IpAddress.Parse("10.0.0.254"), 0)]),
        NextHopCost = 20,
        ReceivedAt = new Instant(0),
    };

    [TestCase("from", "192.0.2.1 (ibgp)")]
    [TestCase("path id", "3")]
    [TestCase("AS path", "65001 65002")]
    [TestCase("origin", "igp")]
    [TestCase("next hop", "10.0.0.7")]
    [TestCase("reached", "via 10.0.0.254 on -, cost 20")]
    [TestCase("local pref", "100")]
    [TestCase("MED", "30")]
    [TestCase("communities", "64512:1 no-export")]
    [TestCase("large communities", "64512:1:2")]
    [TestCase("ext. communities", "-")]
    [TestCase("originator id", "10.0.0.7")]
    [TestCase("cluster list", "10.0.0.250 10.0.0.251")]
    [TestCase("age", "1m0s")]
    public void Detail_Attribute_IsThere(string label, string expected) => Assert.That(Rows(Reflected)[label].Single(), Is.EqualTo(expected));

    [Test]
    public void Detail_Path_IsNamedByPrefixAndStanding() => Assert.That(
        new[]
        {
            Of(Reflected).Columns[1],
            Of(Reflected with { IsMultipath = true }, isInstalled: true).Columns[1],
            Of(Reflected with { IsBest = false, IsMultipath = true }).Columns[1],
            Of(Reflected with { IsBest = false, Reason = PathReason.HigherRouterId }).Columns[1],
            Of(Reflected with { IsBest = false, IsValid = false, Reason = PathReason.AsLoop }).Columns[1],
            Of(Reflected, RouteTable.AdjRibOut).Columns[1],
            Of(Reflected).Columns[0],
        },
        Is.EqualTo(new[]
        {
            "best", "best, shares its traffic, in the kernel", "shares the best one's traffic", "not best", "cannot be used", "sent, made of the best path", "203.0.113.0/24",
        }));

    [Test]
    public void Detail_PathThatLost_SaysWhyInWords() =>
        Assert.That(Rows(Reflected with { IsBest = false, Reason = PathReason.LongerClusterList })["why not"].Single(), Is.EqualTo("longerClusterList: longer CLUSTER_LIST (RFC 4456 §9)"));

    [Test]
    public void Detail_NextHopOnALink_IsReachedDirectly() => Assert.That(
        Rows(Reflected with { Ways = new Forwarding([new ForwardingHop(Reflected.NextHop, 0)]), NextHopCost = 0 })["reached"].Single(),
        Is.EqualTo("directly on -, cost 0"));

    [Test]
    public void Detail_NextHopNotReached_SaysWhy() => Assert.That(
        Rows(Reflected with { IsValid = false, Reason = PathReason.NextHopUnresolved, Fault = NextHopFault.NoRoute, Ways = null, NextHopCost = null })["reached"].Single(),
        Is.EqualTo("no, noRoute: no route covers it"));

    [Test]
    public void Detail_NextHopByABgpRoute_NamesIt() =>
        Assert.That(Rows(Reflected with { Through = IpPrefix.Parse("10.0.0.0/24") })["reached"].Single(), Is.EqualTo("by the BGP route 10.0.0.0/24, via 10.0.0.254 on -, cost 20"));

    [Test]
    public void AdjRibIn_PolicyChangedSome_ThoseAreShownTwiceAndTheOthersOnce()
    {
        var rows = Rows(Reflected with { Imported = Reflected with { LocalPref = 200, Communities = null, Weight = 5 } }, RouteTable.AdjRibIn);

        Assert.Multiple(() =>
        {
            Assert.That(rows["import policy"].Single(), Is.EqualTo("changed"));
            Assert.That(rows["local pref"].Single(), Is.EqualTo("100, after import policy 200"));
            Assert.That(rows["communities"].Single(), Is.EqualTo("64512:1 no-export, after import policy -"));
            Assert.That(rows["weight"].Single(), Is.EqualTo("0, after import policy 5"));
            Assert.That(rows["MED"].Single(), Is.EqualTo("30"));
        });
    }

    [Test]
    public void AdjRibOut_Path_HasOurIdentifierAndNoWayThatANextHopIsReached()
    {
        var rows = Rows(Reflected, RouteTable.AdjRibOut);

        Assert.That((rows["path id, ours"].Single(), rows.Contains("reached"), rows.Contains("why not")), Is.EqualTo(("3", false, false)));
    }

    [Test]
    public void Reasons_All_HaveAMeaningAndStandInTheDocuments()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "commands.md"));
        Assert.Multiple(() =>
        {
            Assert.That(RouteReasons.All.Select(reason => reason.Reason), Is.EquivalentTo(Enum.GetValues<PathReason>().Where(reason => reason != PathReason.None)));
            Assert.That(RouteReasons.Faults.Select(fault => fault.Fault), Is.EquivalentTo(Enum.GetValues<NextHopFault>().Where(fault => fault != NextHopFault.None)));
            foreach (var line in RouteReasons.All.Select(reason => $"| `{RouteReasons.NameOf(reason.Reason)}` | {reason.Meaning} |")
                .Concat(RouteReasons.Faults.Select(fault => $"| `{RouteReasons.NameOf(fault.Fault)}` | {fault.Meaning} |")))
            {
                Assert.That(text, Does.Contain(line + "\n"));
            }

            Assert.That(text, Does.Contain(ShowTables.Legend));
        });
    }

    private static ILookup<string, string> Rows(RouteView route, RouteTable table = RouteTable.LocRib) => Of(route, table).Rows.ToLookup(row => row[0], row => row[1]);

    private static TextTable Of(RouteView route, RouteTable table = RouteTable.LocRib, bool isInstalled = false)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            RouteJson.Write(json, route, table, "192.0.2.1", isInstalled, new Instant(60_000_000), []);
        }

        return RouteDetail.Of(JsonElement.Parse(stream.ToArray()), table == RouteTable.AdjRibOut);
    }
}
