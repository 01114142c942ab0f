using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Several reasons to originate one prefix: the strongest one's route is the local route, in whatever order they come and go.</summary>
[TestFixture]
internal sealed class LocalRoutesTests
{
    private static readonly IpPrefix Prefix = IpPrefix.Parse("10.1.0.0/16");

    private RibContext _context = null!;
    private Rib<Ipv4Bits> _ipv4 = null!;
    private Rib<Ipv6Bits> _ipv6 = null!;
    private LocalRoutes _routes = null!;

    [SetUp]
    public void SetUp()
    {
        _context = new RibContext(7, new EngineLimits())
        {
            Config = new SpeakerConfig { LocalAsn = EngineHarness.LocalAsn, RouterId = new RouterId(1), ClusterId = new RouterId(1) },
        };
        _context.Slots[0] = new PeerSlot { Number = 0, Peer = PeerId.Local, Generation = default, Session = null, Neighbor = null, Source = RouteSource.Local };
        _ipv4 = new Rib<Ipv4Bits>(_context);
        _ipv6 = new Rib<Ipv6Bits>(_context);
        _context.Recursion = new RouteRecursion(_context, _ipv4, _ipv6);
        _routes = new LocalRoutes(_context, _ipv4, _ipv6);
    }

    [TearDown]
    public void TearDown()
    {
        _ipv4.Dispose();
        _ipv6.Dispose();
        _context.Dispose();
    }

    [Test]
    public void Originate_BothReasonsInEitherOrder_TheNetworkIsAnnounced([Values] bool networkFirst)
    {
        foreach (var origin in networkFirst ? [LocalOrigin.Network, LocalOrigin.Redistribution] : new[] { LocalOrigin.Redistribution, LocalOrigin.Network })
        {
            Originate(origin);
        }

        Assert.That(Announced, Is.EqualTo(Origin.Igp));
    }

    [Test]
    public void Withdraw_TheStrongerReason_TheWeakerTakesItsPlace()
    {
        Originate(LocalOrigin.Network);
        Originate(LocalOrigin.Redistribution);

        _routes.Withdraw(LocalOrigin.Network, Prefix);

        Assert.That(Announced, Is.EqualTo(Origin.Incomplete));
    }

    [Test]
    public void Withdraw_TheWeakerReason_ChangesNothing()
    {
        Originate(LocalOrigin.Network);
        Originate(LocalOrigin.Redistribution);

        _routes.Withdraw(LocalOrigin.Redistribution, Prefix);

        Assert.That(Announced, Is.EqualTo(Origin.Igp));
    }

    [Test]
    public void Withdraw_TheLastReason_TakesTheRouteAndItsAttributes()
    {
        Originate(LocalOrigin.Network);
        Originate(LocalOrigin.Redistribution);

        _routes.Withdraw(LocalOrigin.Network, Prefix);
        _routes.Withdraw(LocalOrigin.Redistribution, Prefix);
        _routes.Withdraw(LocalOrigin.Redistribution, Prefix);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Announced, Is.Null);
            Assert.That(_context.Attributes.Count, Is.Zero);
        }
    }

    private Origin? Announced
    {
        get
        {
            var views = new List<RouteView>();
            _ipv4.ReadSlice(new RouteQuery(AddressFamily.Ipv4Unicast) { Prefix = Prefix }, 0, 10, views);
            return views.SingleOrDefault()?.Origin;
        }
    }

    private void Originate(LocalOrigin origin)
    {
        var writer = new PathAttributesWriter(_context.Scratch);
        writer.AppendByte(AttributeType.Origin, (byte)(origin == LocalOrigin.Network ? Origin.Igp : Origin.Incomplete));
        writer.Append(AttributeType.AsPath, []);
        var attributes = _context.Attributes.Intern(writer.Written);
        _routes.Originate(origin, Prefix, attributes);
        _context.Attributes.Release(attributes);
    }
}
