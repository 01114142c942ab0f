using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Who is sent what: RFC 4271 §9.1.3, RFC 4456 §6 and §8.</summary>
public sealed class ReflectionTests
{
    private const string Block = "10.244.1.0/24";

    [Test]
    public void Ibgp_RouteFromNonClient_GoesToClientsOnly()
    {
        using var engine = Triangle(out var source, client: false, out var client, out var nonClient, out _);
        engine.Announce(source, Block);
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(client.Has(Block), Is.True);
            Assert.That(nonClient.Has(Block), Is.False);
            Assert.That(source.Has(Block), Is.False);
        });
    }

    [Test]
    public void Ibgp_RouteFromClient_GoesToAllButItsSource()
    {
        using var engine = Triangle(out var source, client: true, out var client, out var nonClient, out _);
        engine.Announce(source, Block);
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(client.Has(Block), Is.True);
            Assert.That(nonClient.Has(Block), Is.True);
            Assert.That(source.Has(Block), Is.False);
        });
    }

    [Test]
    public void Ibgp_ClientToClientOff_ClientsDoNotHearOfEachOther()
    {
        using var engine = Triangle(out var source, client: true, out var client, out var nonClient, out _, config => config with { ClientToClient = false });
        engine.Announce(source, Block);
        engine.Settle();
        Assert.That((client.Has(Block), nonClient.Has(Block)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Reflection_AddsOriginatorAndCluster_KeepsNextHopAndLocalPref()
    {
        using var engine = Triangle(out var source, client: true, out var client, out _, out _);
        engine.Announce(source, Block, spec => spec.LocalPref = 250);
        engine.Settle();
        var route = client[Block];
        var originator = route.OriginatorId;
        var cluster = route.ClusterList[0];
        var nextHop = route.NextHop;
        var localPref = route.LocalPref;
        Assert.Multiple(() =>
        {
            Assert.That(originator, Is.EqualTo(new RouterId(source.Neighbor.Key.Address.V4Bits)));
            Assert.That(cluster, Is.EqualTo(engine.Config.ClusterId));
            Assert.That(nextHop, Is.EqualTo(source.Neighbor.Key.Address));
            Assert.That(localPref, Is.EqualTo(250));
        });
    }

    [Test]
    public void Reflection_OfReflectedRoute_KeepsOriginatorAndPrependsCluster()
    {
        using var engine = Triangle(out var source, client: true, out var client, out _, out _);
        engine.Announce(source, Block, spec =>
        {
            spec.OriginatorId = 0x01020304;
            spec.ClusterList = [0x05060708];
        });
        engine.Settle();
        var originator = client[Block].OriginatorId;
        var clusters = client[Block].ClusterList.Value.ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(originator, Is.EqualTo(new RouterId(0x01020304)));
            Assert.That(clusters, Is.EqualTo(new byte[] { 10, 0, 0, 1, 5, 6, 7, 8 }));
        });
    }

    [Test]
    public void Import_OwnClusterInList_IsIneligible()
    {
        using var engine = Triangle(out var source, client: true, out _, out _, out _);
        engine.Announce(source, Block, spec => spec.ClusterList = [engine.Config.ClusterId.Value]);
        engine.Settle();
        Assert.That(engine.Routes().Single().Reason, Is.EqualTo(PathReason.ClusterLoop));
    }

    [Test]
    public void AdjRibIn_OfALoop_ShowsNoOutcomeOfAPolicyThatWasNotAsked()
    {
        using var engine = Triangle(out var source, client: true, out _, out _, out _);
        engine.Announce(source, Block, spec => spec.ClusterList = [engine.Config.ClusterId.Value]);
        engine.Announce(source, "10.245.0.0/24");
        engine.Settle();
        var views = engine.Routes(new RouteQuery(AddressFamily.Ipv4Unicast, RouteTable.AdjRibIn) { Peer = source.Id });
        Assert.That(views.Select(view => (view.Reason, view.Imported is null)), Is.EqualTo(new[] { (PathReason.ClusterLoop, true), (PathReason.None, false) }));
    }

    [Test]
    public void Import_OwnOriginatorId_IsIneligible()
    {
        using var engine = Triangle(out var source, client: true, out _, out _, out _);
        engine.Announce(source, Block, spec => spec.OriginatorId = engine.Config.RouterId.Value);
        engine.Settle();
        Assert.That(engine.Routes().Single().Reason, Is.EqualTo(PathReason.OriginatorLoop));
    }

    [Test]
    public void Import_OwnAsInPath_IsIneligible()
    {
        using var engine = Triangle(out _, client: true, out _, out _, out var external);
        engine.Announce(external, Block, spec => spec.Path = [external.Neighbor.RemoteAsn.Value, EngineHarness.LocalAsn.Value]);
        engine.Settle();
        Assert.That(engine.Routes().Single().Reason, Is.EqualTo(PathReason.AsLoop));
    }

    [Test]
    public void Import_FirstAsIsNotTheNeighbors_IsIneligible()
    {
        using var engine = Triangle(out _, client: true, out _, out _, out var external);
        engine.Announce(external, Block, spec => spec.Path = [64999]);
        engine.Settle();
        Assert.That(engine.Routes().Single().Reason, Is.EqualTo(PathReason.FirstAsMismatch));
    }

    [Test]
    public void Export_ToExternal_PrependsAsDropsLocalPrefAndMedSetsSelf()
    {
        using var engine = Triangle(out var source, client: true, out _, out _, out var external);
        engine.Announce(source, Block, spec =>
        {
            spec.Med = 50;
            spec.NextHop = IpAddress.Parse("172.16.0.9");
        });
        engine.Settle();
        var route = external[Block];
        var path = route.AsPath.ToString();
        var absent = (route.LocalPref, route.Med, route.OriginatorId);
        var nextHop = route.NextHop;
        Assert.Multiple(() =>
        {
            Assert.That(path, Is.EqualTo("64512"));
            Assert.That(absent, Is.EqualTo(((uint?)null, (uint?)null, (RouterId?)null)));
            Assert.That(nextHop, Is.EqualTo(EngineHarness.LocalAddress));
        });
    }

    [Test]
    public void Export_FromExternalToInternal_KeepsNextHopAndMedAddsLocalPref()
    {
        using var engine = Triangle(out _, client: true, out var client, out var nonClient, out var external);
        engine.Announce(external, Block, spec => spec.Med = 7);
        engine.Settle();
        var route = nonClient[Block];
        var values = (route.LocalPref, route.Med, route.NextHop, route.OriginatorId);
        Assert.Multiple(() =>
        {
            Assert.That(values, Is.EqualTo(((uint?)100, (uint?)7, external.Neighbor.Key.Address, (RouterId?)null)));
            Assert.That(client.Has(Block), Is.True);
        });
    }

    [Test]
    public void Export_NoExportCommunity_StaysInside()
    {
        using var engine = Triangle(out var source, client: true, out var client, out _, out var external);
        engine.Announce(source, Block, spec => spec.Communities = [0xFFFFFF01]);
        engine.Settle();
        Assert.That((client.Has(Block), external.Has(Block)), Is.EqualTo((true, false)));
    }

    [Test]
    public void Export_NoAdvertiseCommunity_GoesNowhere()
    {
        using var engine = Triangle(out var source, client: true, out var client, out _, out var external);
        engine.Announce(source, Block, spec => spec.Communities = [0xFFFFFF02]);
        engine.Settle();
        Assert.That((client.Has(Block), external.Has(Block)), Is.EqualTo((false, false)));
    }

    [Test]
    public void Origination_NetworkConfigured_IsAnnouncedWithOwnNextHop()
    {
        using var engine = Triangle(out _, client: true, out var client, out _, out var external, config => config with { Networks = [new NetworkConfig(IpPrefix.Parse(Block), true)] });
        engine.Settle();
        var nextHops = (client[Block].NextHop, external[Block].NextHop);
        Assert.Multiple(() =>
        {
            Assert.That(nextHops, Is.EqualTo((EngineHarness.LocalAddress, EngineHarness.LocalAddress)));
            Assert.That(engine.Fib[IpPrefix.Parse(Block)], Is.SameAs(Forwarding.Blackhole));
        });
    }

    [Test]
    public void Origination_NetworkRemovedByReload_IsWithdrawn()
    {
        using var engine = Triangle(out _, client: true, out var client, out _, out _, config => config with { Networks = [new NetworkConfig(IpPrefix.Parse(Block), true)] });
        engine.Settle();
        engine.Config = engine.Config with { Networks = [] };
        engine.Configure();
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(client.Has(Block), Is.False);
            Assert.That(engine.Fib, Is.Empty);
            Assert.That(engine.Engine.Counts()[0].Prefixes, Is.Zero);
        });
    }

    [Test]
    public void Rfc8212_ExternalWithoutPolicy_NeitherAcceptsNorAnnounces()
    {
        using var engine = new EngineHarness();
        var external = engine.Add(1, external: true, change: neighbor => neighbor with { Families = [new FamilyConfig(AddressFamily.Ipv4Unicast)] });
        var client = engine.Add(2, client: true);
        engine.Configure();
        engine.Up(external);
        engine.Up(client);
        engine.Announce(client, Block);
        engine.Announce(external, "10.245.0.0/24");
        engine.Settle();
        Assert.Multiple(() =>
        {
            Assert.That(external.Routes, Is.Empty);
            Assert.That(client.Has("10.245.0.0/24"), Is.False);
            Assert.That(engine.Routes(new RouteQuery(AddressFamily.Ipv4Unicast, RouteTable.AdjRibIn) { Peer = external.Id }).Single().Reason, Is.EqualTo(PathReason.RejectedByPolicy));
        });
    }

    private static EngineHarness Triangle(
        out TestPeer source, bool client, out TestPeer other, out TestPeer nonClient, out TestPeer external, Func<SpeakerConfig, SpeakerConfig>? change = null)
    {
        var engine = new EngineHarness();
        engine.Config = change?.Invoke(engine.Config) ?? engine.Config;
        source = engine.Add(1, client: client);
        other = engine.Add(2, client: true);
        nonClient = engine.Add(3);
        external = engine.Add(4, external: true);
        engine.Configure();
        foreach (var peer in engine.Peers.Values)
        {
            engine.Up(peer);
        }

        engine.Settle();
        return engine;
    }
}
