using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>A route server and its clients (RFC 7947).</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RouteServerTests : IDisposable
{
    private const string Block = "198.51.100.0/24";

    private readonly EngineHarness _engine = new();

    public void Dispose() => _engine.Dispose();

    [Test]
    public void Route_BetweenClients_IsNotChanged()
    {
        var (one, two) = (Client(1), Client(2));
        Start();

        _engine.Announce(one, Block, spec => (spec.Path, spec.Med, spec.NextHop) = ([65001, 7], 30, IpAddress.Parse("172.16.0.9")));
        _engine.Settle();

        Assert.Multiple(() =>
        {
            Assert.That(two[Block].AsPath.ToString(), Is.EqualTo("65001 7"));
            Assert.That(two[Block].Med, Is.EqualTo(30));
            Assert.That(two[Block].NextHop, Is.EqualTo(IpAddress.Parse("172.16.0.9")));
        });
    }

    [Test]
    public void Route_ToOrFromOthers_IsChangedAsUsual()
    {
        var client = Client(1);
        var other = _engine.Add(2, external: true);
        Start();

        _engine.Announce(client, Block);
        _engine.Announce(other, "203.0.113.0/24");
        _engine.Settle();

        Assert.That((other[Block].AsPath.ToString(), client["203.0.113.0/24"].AsPath.ToString()), Is.EqualTo(("64512 65001", "64512 65002")));
    }

    [Test]
    public void Best_IsTheClientsOwn_ItGetsTheNextBest()
    {
        var (one, two, three) = (Client(1), Client(2), Client(3));
        Start();

        _engine.Announce(one, Block);
        _engine.Announce(two, Block, spec => spec.Path = [65002, 7]);
        _engine.Settle();

        Assert.That((one[Block].NextHop, two[Block].NextHop, three[Block].NextHop), Is.EqualTo((Address(two), Address(one), Address(one))));
    }

    [Test]
    public void Best_IsRejectedByTheClientsPolicy_ItGetsTheNextBest()
    {
        var refuse = new PolicyConfig("refuse 65001", [new PolicyRule { Match = new RouteMatch { AsPathPrefix = [new Asn(65001)] }, Action = PolicyAction.Reject }]);
        var (one, two) = (Client(1), Client(2));
        var three = Client(3, refuse, PolicyConfig.AcceptAll);
        Start();

        _engine.Announce(two, Block, spec => spec.Path = [65002, 7]);
        _engine.Announce(one, Block);
        _engine.Settle();
        Assert.That(three[Block].NextHop, Is.EqualTo(Address(two)));
        _engine.Withdraw(two, Block);
        _engine.Settle();

        Assert.That(three.Has(Block), Is.False);
    }

    [Test]
    public void Best_HasTheClientsAddressAsNextHop_ItGetsTheNextBest()
    {
        var (one, two, three) = (Client(1), Client(2), Client(3));
        Start();

        _engine.Announce(one, Block, spec => spec.NextHop = Address(two));
        _engine.Announce(three, Block, spec => spec.Path = [65003, 7]);
        _engine.Settle();

        Assert.That(two.Has(Block) ? two[Block].NextHop : IpAddress.None, Is.EqualTo(Address(three)));
    }

    [Test]
    public void AddPath_TheClientsOwnPathsAreBest_TheyDoNotTakeThePlacesOfOthers()
    {
        var one = _engine.Add(1, external: true, change: neighbor => neighbor with
        {
            RouteServerClient = true,
            Families = [.. neighbor.Families.Select(family => family with { AddPathSend = 1 })],
        });
        one.ToPeer = one.ToPeer with { Flags = one.ToPeer.Flags | CodecFlags.AddPathIpv4 };
        var two = Client(2);
        Start();

        _engine.Announce(one, Block);
        _engine.Announce(two, Block, spec => spec.Path = [65002, 7]);
        _engine.Settle();

        Assert.That(one.Paths, Has.Count.EqualTo(1));
    }

    [Test]
    public void Loser_ChangesOrGoes_TheClientThatHasItHears()
    {
        var (one, two, three) = (Client(1), Client(2), Client(3));
        Start();
        _engine.Announce(one, Block);
        _engine.Announce(two, Block, spec => spec.Path = [65002, 7]);
        _engine.Announce(three, Block, spec => spec.Path = [65003, 7, 8]);
        _engine.Settle();

        _engine.Announce(two, Block, spec => spec.Path = [65002, 7, 8, 9]);
        _engine.Settle();
        Assert.That(one[Block].NextHop, Is.EqualTo(Address(three)));
        _engine.Withdraw(three, Block);
        _engine.Settle();
        Assert.That(one[Block].AsPath.ToString(), Is.EqualTo("65002 7 8 9"));
    }

    private static IpAddress Address(TestPeer peer) => peer.Neighbor.Key.Address;

    private TestPeer Client(int number, params PolicyConfig[] export) => _engine.Add(number, external: true, change: neighbor => neighbor with
    {
        RouteServerClient = true,
        Families = [.. neighbor.Families.Select(family => family with { ExportPolicy = export.Length == 0 ? family.ExportPolicy : [.. export] })],
    });

    private void Start()
    {
        _engine.Configure();
        foreach (var peer in _engine.Peers.Values)
        {
            _engine.Up(peer);
        }

        _engine.Settle();
    }
}
