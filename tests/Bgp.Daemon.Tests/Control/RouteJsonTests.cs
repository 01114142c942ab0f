using System.Text.Json;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

[TestFixture]
internal sealed class RouteJsonTests
{
    private static readonly RouteView Received = new() { Prefix = IpPrefix.Parse("10.0.0.0/8"), AsPath = "65001", LocalPref = 100, IsValid = true };

    [Test]
    public void AdjRibIn_PolicyChangedIt_BothAreShown()
    {
        var route = Write(Received with { Imported = Received with { LocalPref = 200, Weight = 5 } }, RouteTable.AdjRibIn);

        Assert.Multiple(() =>
        {
            Assert.That(route.GetProperty("localPref").GetInt32(), Is.EqualTo(100));
            Assert.That(route.GetProperty("imported").GetProperty("localPref").GetInt32(), Is.EqualTo(200));
            Assert.That(route.GetProperty("imported").GetProperty("weight").GetInt32(), Is.EqualTo(5));
            Assert.That(Cell(route), Is.EqualTo("changed"));
        });
    }

    [Test]
    public void AdjRibIn_PolicyLeftIt_IsAccepted() => Assert.That(Cell(Write(Received with { Imported = Received }, RouteTable.AdjRibIn)), Is.EqualTo("accepted"));

    [Test]
    public void AdjRibIn_PolicyRejectedIt_ImportedIsNull()
    {
        var route = Write(Received with { Reason = PathReason.RejectedByPolicy }, RouteTable.AdjRibIn);

        Assert.That((route.GetProperty("imported").ValueKind, route.GetProperty("reason").GetString(), Cell(route)), Is.EqualTo((JsonValueKind.Null, "rejectedByPolicy", "rejected")));
    }

    [TestCase(PathReason.AsLoop)]
    [TestCase(PathReason.OriginatorLoop)]
    [TestCase(PathReason.FirstAsMismatch)]
    public void AdjRibIn_NoPolicyWasAsked_SaysNothingOfOne(PathReason reason) => Assert.That(Cell(Write(Received with { Reason = reason, IsValid = false }, RouteTable.AdjRibIn)), Is.EqualTo("-"));

    [TestCase(PathReason.AsLoop, "asLoop")]
    [TestCase(PathReason.NextHopUnresolved, "nextHopUnresolved: noInterface")]
    public void Table_RouteThatCannotBeUsed_HasTheFaultOfTheNextHopWhereThatIsTheReason(PathReason reason, string expected) =>
        Assert.That(Cell(Write(Received with { Reason = reason, Fault = NextHopFault.NoInterface, IsValid = false }, RouteTable.LocRib), "Why not"), Is.EqualTo(expected));

    [TestCase(PathReason.HigherRouterId, "higherRouterId")]
    [TestCase(PathReason.LongerClusterList, "longerClusterList")]
    [TestCase(PathReason.LowerLocalPref, "lowerLocalPref")]
    [TestCase(PathReason.NotLocal, "notLocal")]
    public void Table_UsableRouteThatLost_HasTheStepThatItLost(PathReason reason, string expected) => Assert.Multiple(() =>
    {
        Assert.That(Cell(Write(Received with { Reason = reason }, RouteTable.LocRib), "Why not"), Is.EqualTo(expected));
        Assert.That(Cell(Write(Received with { Reason = reason, Imported = Received }, RouteTable.AdjRibIn), "Why not"), Is.EqualTo(expected));
    });

    [TestCase(PathReason.None, "suppressed by 10.0.0.0/7")]
    [TestCase(PathReason.HigherMed, "higherMed, suppressed by 10.0.0.0/7")]
    public void Table_RouteThatAnAggregateStandsFor_SaysSo(PathReason reason, string expected) =>
        Assert.That(Cell(Write(Received with { Reason = reason, SuppressedBy = IpPrefix.Parse("10.0.0.0/7") }, RouteTable.LocRib), "Why not"), Is.EqualTo(expected));

    [TestCase(null, "-")]
    [TestCase(5_000_000L, "55s")]
    public void Table_Age_IsThatOfTheRouteOrNone(long? receivedAt, string expected) =>
        Assert.That(Cell(Write(Received with { ReceivedAt = receivedAt is { } at ? new Instant(at) : null }, RouteTable.AdjRibOut), "Age"), Is.EqualTo(expected));

    [Test]
    public void Table_LinkLocalNextHop_HasItsInterface() => Assert.That(
        Cell(Write(Received with { NextHop = IpAddress.Parse("fe80::1"), NextHopInterface = "eth0" }, RouteTable.LocRib), "Next hop"), Is.EqualTo("fe80::1%eth0"));

    [Test]
    public void LocRib_Route_HasNoImported() => Assert.That(Write(Received, RouteTable.LocRib).TryGetProperty("imported", out _), Is.False);

    // RFC 7911 §3: zero is an identifier like any other.
    [TestCase(null, "null")]
    [TestCase(0u, "0")]
    [TestCase(4294967295u, "4294967295")]
    public void PathId_IsNullOnlyWithoutAddPath(uint? pathId, string expected)
    {
        Assert.That(Write(Received with { PathId = pathId is { } value ? new PathId(value) : null, Source = RouteSource.Internal }, RouteTable.LocRib).GetProperty("pathId").GetRawText(), Is.EqualTo(expected));
    }

    [TestCase(null, "192.0.2.1")]
    [TestCase(7u, "192.0.2.1 path 7")]
    public void Table_ShowsTheIdentifierWithTheNeighbor(uint? pathId, string expected)
    {
        var table = ShowTables.Routes(JsonElement.Parse($"[{Write(Received with { PathId = pathId is { } value ? new PathId(value) : null, Source = RouteSource.Internal }, RouteTable.LocRib).GetRawText()}]"));

        Assert.That(table.Rows.Single()[table.Columns.ToList().IndexOf("From")], Is.EqualTo(expected));
    }

    private static JsonElement Write(RouteView route, RouteTable table)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            RouteJson.Write(json, route, table, "192.0.2.1", isInstalled: false, new Instant(60_000_000));
        }

        return JsonElement.Parse(stream.ToArray());
    }

    private static string Cell(JsonElement route, string column)
    {
        var table = ShowTables.Routes(JsonElement.Parse($"[{route}]"));
        return table.Rows.Single()[table.Columns.ToList().IndexOf(column)];
    }

    private static string Cell(JsonElement route) => ShowTables.ReceivedRoutes(JsonElement.Parse($"[{route}]")).Rows.Single()[^1];
}
