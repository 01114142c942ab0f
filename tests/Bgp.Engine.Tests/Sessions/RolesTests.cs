using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Roles on eBGP sessions and ONLY_TO_CUSTOMER (RFC 9234).</summary>
internal sealed class RolesTests
{
    private const string Block = "10.244.1.0/24";
    private const uint SourceAs = 65001;

    private static readonly BgpRole[] All = Enum.GetValues<BgpRole>();

    [Test]
    public void Open_Roles_FitOnlyAsCounterparts([ValueSource(nameof(All))] BgpRole ours, [ValueSource(nameof(All))] BgpRole theirs)
    {
        (BgpRole, BgpRole)[] allowed =
        [
            (BgpRole.Provider, BgpRole.Customer), (BgpRole.Customer, BgpRole.Provider), (BgpRole.Peer, BgpRole.Peer),
            (BgpRole.RouteServer, BgpRole.RouteServerClient), (BgpRole.RouteServerClient, BgpRole.RouteServer),
        ];

        var error = Check(ours, strict: false, Capabilities().Role(theirs).Build());

        Assert.That(error, Is.EqualTo(allowed.Contains((ours, theirs)) ? BgpError.None : BgpError.Open(OpenSubcode.RoleMismatch)));
    }

    [TestCase(false, true)]
    [TestCase(true, false)]
    public void Open_WithoutRole_IsRefusedByTheStrictOnly(bool strict, bool fits) =>
        Assert.That(Check(BgpRole.Peer, strict, Capabilities().Build()).IsNone, Is.EqualTo(fits));

    [Test]
    public void Open_WithTwoRoles_IsRefused() =>
        Assert.That(Check(BgpRole.Peer, strict: false, Capabilities().Role(BgpRole.Peer).Role(BgpRole.Provider).Build()), Is.EqualTo(BgpError.Open(OpenSubcode.RoleMismatch)));

    [Test]
    public void Offer_WithinTheAs_HasNoRole()
    {
        var neighbor = PeerScript.Neighbor with { RemoteAsn = PeerScript.OurAsn, Role = BgpRole.Peer };

        Assert.That(Negotiation.Offer(new PeerSettings(neighbor, PeerScript.OurId)).Capabilities.Role, Is.Null);
    }

    [TestCase(BgpRole.Provider, 7u, true)]
    [TestCase(BgpRole.RouteServer, 7u, true)]
    [TestCase(BgpRole.Peer, 7u, true)]
    [TestCase(BgpRole.Peer, SourceAs, false)]
    [TestCase(BgpRole.Customer, 7u, false)]
    [TestCase(BgpRole.RouteServerClient, 7u, false)]
    public void Import_Marked_IsALeakWhereTheRoleSaysSo(BgpRole ours, uint mark, bool isLeak)
    {
        using var run = new RoleRun(source: ours, target: null);

        run.Announce(mark);

        Assert.That(run.Engine.Routes().Single().Reason, Is.EqualTo(isLeak ? PathReason.RouteLeak : PathReason.None));
    }

    [TestCase(BgpRole.Customer, SourceAs)]
    [TestCase(BgpRole.Peer, SourceAs)]
    [TestCase(BgpRole.RouteServerClient, SourceAs)]
    [TestCase(BgpRole.Provider, null)]
    [TestCase(BgpRole.RouteServer, null)]
    [TestCase(null, null)]
    public void Import_Unmarked_IsMarkedWhereTheRoleSaysSo(BgpRole? ours, uint? expected)
    {
        using var run = new RoleRun(source: ours, target: null);

        run.Announce(mark: null);

        Assert.That(run.Target[Block].OnlyToCustomer?.Value, Is.EqualTo(expected));
    }

    [TestCase(BgpRole.Provider, 64512u)]
    [TestCase(BgpRole.Peer, 64512u)]
    [TestCase(BgpRole.RouteServer, 64512u)]
    [TestCase(BgpRole.Customer, null)]
    [TestCase(BgpRole.RouteServerClient, null)]
    public void Export_Unmarked_IsMarkedWhereTheRoleSaysSo(BgpRole ours, uint? expected)
    {
        using var run = new RoleRun(source: null, target: ours);

        run.Announce(mark: null);

        Assert.That(run.Target[Block].OnlyToCustomer?.Value, Is.EqualTo(expected));
    }

    [TestCase(BgpRole.Provider, true)]
    [TestCase(BgpRole.RouteServer, true)]
    [TestCase(BgpRole.Peer, false)]
    [TestCase(BgpRole.Customer, false)]
    [TestCase(BgpRole.RouteServerClient, false)]
    public void Export_Marked_GoesDownOnlyAndAsItIs(BgpRole ours, bool isSent)
    {
        using var run = new RoleRun(source: null, target: ours);

        run.Announce(mark: 7);

        Assert.That(run.Target.Has(Block), Is.EqualTo(isSent));
        Assert.That(isSent ? run.Target[Block].OnlyToCustomer : new Asn(7), Is.EqualTo(new Asn(7)));
    }

    private static CapabilitySetBuilder Capabilities() => new CapabilitySetBuilder().Family(AddressFamily.Ipv4Unicast).FourOctetAs(PeerScript.TheirAsn);

    private static BgpError Check(BgpRole ours, bool strict, CapabilitySet theirs) => Negotiation.Check(
        PeerScript.Open(capabilities: theirs), new PeerSettings(PeerScript.Neighbor with { Role = ours, RoleStrict = strict }, PeerScript.OurId));

    /// <summary>A route from one neighbor to another, with our roles towards them.</summary>
    private sealed class RoleRun : IDisposable
    {
        private readonly TestPeer _source;

        public RoleRun(BgpRole? source, BgpRole? target)
        {
            _source = Engine.Add(1, external: true, change: neighbor => neighbor with { Role = source });
            Target = Engine.Add(2, external: true, change: neighbor => neighbor with { Role = target });
            Engine.Configure();
            Engine.Up(_source);
            Engine.Up(Target);
        }

        public EngineHarness Engine { get; } = new();

        public TestPeer Target { get; }

        public void Announce(uint? mark)
        {
            Engine.Announce(_source, Block, spec => spec.OnlyToCustomer = mark);
            Engine.Settle();
        }

        public void Dispose() => Engine.Dispose();
    }
}
