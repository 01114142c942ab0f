using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Third-party next hops to eBGP neighbors (RFC 4271 §5.1.3), while the subnet that all share comes and goes.</summary>
public sealed class SharedSubnetTests
{
    private const string Block = "10.244.0.0/24";
    private const int Interface = 2;

    private static readonly KernelRoute OnLink = new()
    {
        Prefix = IpPrefix.Parse("10.0.0.0/16"),
        Kind = KernelRouteKind.Unicast,
        Protocol = 2,
        Table = 254,
        Hops = [new KernelHop(IpAddress.None, Interface, 1, false, false)],
    };

    [Test]
    public void Reload_WhileTheLinkIsDown_NextHopIsKeptOnceItIsUp()
    {
        using var engine = Pair(out var source, out var other);
        Apply(engine, new KernelUpdate { Links = [new KernelLink(Interface, "eth0", false)] });

        engine.Configure();
        engine.Settle();
        Assert.That(other.Has(Block), Is.False);

        Apply(engine, new KernelUpdate { Links = [new KernelLink(Interface, "eth0", true)] });
        Assert.That(other[Block].NextHop, Is.EqualTo(source.Neighbor.Key.Address));
    }

    [Test]
    public void OnLinkRoute_IsAllThatMakesTheSubnet_NextHopIsKeptWhileItIsThere()
    {
        using var engine = Pair(out var source, out var other);
        Apply(engine, new KernelUpdate
        {
            RemovedAddresses = [new KernelAddress(Interface, EngineHarness.LocalAddress, 16)],
            RemovedRoutes = [OnLink],
            Addresses = [new KernelAddress(Interface, EngineHarness.LocalAddress, 32)],
            Routes = [OnLink with { Prefix = IpPrefix.Parse("0.0.0.0/0"), Hops = [new KernelHop(IpAddress.Parse("10.0.0.254"), Interface, 1, true, false)] }],
        });
        Assert.That(other[Block].NextHop, Is.EqualTo(EngineHarness.LocalAddress));

        Apply(engine, new KernelUpdate { Routes = [OnLink] });
        Assert.That(other[Block].NextHop, Is.EqualTo(source.Neighbor.Key.Address));
    }

    private static EngineHarness Pair(out TestPeer source, out TestPeer other)
    {
        var engine = new EngineHarness();
        source = engine.Add(1, external: true);
        other = engine.Add(2, external: true);
        engine.Configure();
        engine.Up(source);
        engine.Up(other);
        engine.Announce(source, Block);
        engine.Settle();
        Assert.That(other[Block].NextHop, Is.EqualTo(source.Neighbor.Key.Address));
        return engine;
    }

    private static void Apply(EngineHarness engine, KernelUpdate update)
    {
        engine.Apply(new EngineInput(EngineInputKind.Kernel) { Kernel = update });
        engine.Settle();
    }
}
