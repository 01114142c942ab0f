using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Sessions over link-local addresses: what they name is on the interface of the session.</summary>
internal sealed class LinkLocalTests
{
    private const string Block = "10.244.1.0/24";

    private static readonly IpAddress Remote = IpAddress.Parse("fe80::2");
    private static readonly IpAddress Local = IpAddress.Parse("fe80::1");

    [Test]
    public void NextHop_LinkLocal_IsOnTheInterfaceOfTheSession()
    {
        using var engine = Start(out var peer);

        engine.Announce(peer, Block, spec => spec.NextHop = Remote);
        engine.Settle();

        Assert.That(engine.Fib[IpPrefix.Parse(Block)].Hops.Single(), Is.EqualTo(new ForwardingHop(Remote, 2)));
        Assert.That(engine.Routes().Single().NextHopInterface, Is.EqualTo("eth0"));
    }

    [Test]
    public void NextHop_LinkLocalOfOurs_IsOwn()
    {
        using var engine = Start(out var peer);

        engine.Announce(peer, Block, spec => spec.NextHop = Local);

        Assert.That(engine.Routes().Single().Reason, Is.EqualTo(PathReason.NextHopIsOwn));
    }

    [Test]
    public void OwnRoute_Announced_HasTheGlobalAddressOfTheInterface()
    {
        using var engine = Start(out var peer);
        engine.Config = engine.Config with { Networks = [new NetworkConfig(IpPrefix.Parse(Block), false)] };

        engine.Configure();
        engine.Settle();

        Assert.That(peer[Block].NextHop, Is.EqualTo(EngineHarness.LocalAddress));
    }

    private static EngineHarness Start(out TestPeer peer)
    {
        var engine = new EngineHarness();
        engine.Apply(new EngineInput(EngineInputKind.Kernel) { Kernel = new KernelUpdate { Addresses = [new KernelAddress(2, Local, 64)] } });
        var profile = new CodecProfile(CodecFlags.FourOctetAs | CodecFlags.External | CodecFlags.ExtendedNextHopIpv4, BgpConstants.MaxMessageLength);
        peer = engine.Add(1, external: true, change: neighbor => neighbor with { Key = new NeighborKey(Remote, "eth0", BgpConstants.Port) });
        (peer.FromPeer, peer.ToPeer, peer.Local) = (profile, profile, Local);
        engine.Configure();
        engine.Up(peer);
        return engine;
    }
}
