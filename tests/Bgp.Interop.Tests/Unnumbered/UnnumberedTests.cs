namespace Bgp.Interop.Tests;

/// <summary>Neighbors that are configured by nothing but the interface: with FRR, and with another daemon of ours.</summary>
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class UnnumberedTests : IDisposable
{
    private const uint OurAsn = 64512;
    private const uint TheirAsn = 65001;

    private readonly UnnumberedLink _link = new();

    public void Dispose() => _link.Dispose();

    [Test]
    public void Frr_OnTheInterface_ServicesReachEachOtherThroughBothKernels()
    {
        using var peer = new UnnumberedFrr(_link.Right, TheirAsn);
        using var subject = new UnnumberedDaemon(_link.Left, OurAsn);
        AwaitSession(subject, () => peer.IsEstablished);

        AwaitPings();

        var neighbor = subject.Neighbor;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(neighbor.GetProperty("address").GetString(), Does.StartWith("fe80::").And.EndsWith("%eth0"));
            Assert.That(neighbor.GetProperty("interface").GetString(), Is.EqualTo("eth0"));
            Assert.That(neighbor.GetProperty("asn").GetUInt32(), Is.EqualTo(TheirAsn));
            Assert.That(_link.Left.Namespace.Ip("-4", "route", "show", _link.Right.IPv4), Does.Contain("via inet6 fe80::"));
            Assert.That(_link.Right.Namespace.Ip("-4", "route", "show", _link.Left.IPv4), Does.Contain("eth0"));
        }
    }

    [Test]
    public void Frr_AcrossAReloadOfSomethingElse_KeepsTheSession()
    {
        using var peer = new UnnumberedFrr(_link.Right, TheirAsn);
        using var subject = new UnnumberedDaemon(_link.Left, OurAsn);
        AwaitSession(subject, () => peer.IsEstablished);
        AwaitPings();
        var flaps = subject.Flaps;

        subject.Reload("description: cable to the right");

        Assert.That(subject.Neighbor.GetProperty("description").GetString(), Is.EqualTo("cable to the right"));
        Assert.That((subject.IsEstablished, subject.Flaps), Is.EqualTo((true, flaps)));
    }

    [Test]
    public void Frr_AfterTheLinkWasDown_IsBackWithItsRoutes()
    {
        using var peer = new UnnumberedFrr(_link.Right, TheirAsn);
        using var subject = new UnnumberedDaemon(_link.Left, OurAsn);
        AwaitSession(subject, () => peer.IsEstablished);
        AwaitPings();

        _link.Right.Namespace.Ip("link", "set", "eth0", "down");
        Eventually.Get("the subject sees it at once", () => subject.Neighbor.ToString(), _ => !subject.IsEstablished);
        Assert.That(subject.Neighbor.GetProperty("lastError").GetString(), Does.Contain("the link of eth0 is down"));
        Assert.That(subject.Neighbor.GetProperty("address").GetString(), Is.EqualTo("eth0"));

        _link.Right.Namespace.Ip("link", "set", "eth0", "up");
        AwaitSession(subject, () => peer.IsEstablished);
        AwaitPings();
    }

    [Test]
    public void Daemons_OnTheInterface_FindEachOtherByTheirAdvertisements()
    {
        using var left = new UnnumberedDaemon(_link.Left, OurAsn);
        using var right = new UnnumberedDaemon(_link.Right, TheirAsn);

        AwaitSession(left, () => right.IsEstablished);
        AwaitPings();

        Assert.That(_link.Right.Namespace.Ip("-6", "route", "show", "default"), Is.Empty, "nobody is taken for a default router");
    }

    [Test]
    public void Daemons_WithAPassword_Meet()
    {
        using var left = new UnnumberedDaemon(_link.Left, OurAsn, "password: secret");
        using var right = new UnnumberedDaemon(_link.Right, TheirAsn, "password: secret");

        AwaitSession(left, () => right.IsEstablished);

        Assert.That(left.Neighbor.GetProperty("md5").GetBoolean(), Is.True);
    }

    [Test]
    public void Daemons_InterfaceMadeAfterTheyStarted_FindEachOther()
    {
        _link.Left.Namespace.Ip("link", "delete", "eth0");
        using var left = new UnnumberedDaemon(_link.Left, OurAsn);
        using var right = new UnnumberedDaemon(_link.Right, TheirAsn);

        _link.Connect();

        AwaitSession(left, () => right.IsEstablished);
        AwaitPings();
    }

    [Test]
    public void Daemons_NeighborsAddressChanges_TheSessionMoves()
    {
        // The neighbor's old session has lost its address: it can neither send nor hear, and ends by the hold timer.
        using var left = new UnnumberedDaemon(_link.Left, OurAsn, "holdTime: 9s");
        using var right = new UnnumberedDaemon(_link.Right, TheirAsn, "holdTime: 9s");
        AwaitSession(left, () => right.IsEstablished);
        var before = left.Neighbor.GetProperty("address").GetString();

        _link.Right.Namespace.Ip("-6", "address", "flush", "dev", "eth0", "scope", "link");
        _link.Right.Namespace.Ip("-6", "address", "add", "fe80::77/64", "dev", "eth0", "nodad");

        Eventually.Get("the new address", () => left.Neighbor.GetProperty("address").GetString(), address => address == "fe80::77%eth0");
        AwaitSession(left, () => right.IsEstablished);
        Assert.That(before, Is.Not.EqualTo("fe80::77%eth0"));
    }

    [Test]
    public void Neighbor_ThatOnlyConnects_IsFoundByItsConnection()
    {
        using var left = new UnnumberedDaemon(_link.Left, OurAsn);

        // Configured by address, it advertises nothing.
        using var right = new UnnumberedDaemon(_link.Right, TheirAsn, $"address: {UnnumberedLink.LinkLocalOf(_link.Left)}%eth0", ["families: [ipv4-unicast, ipv6-unicast]"]);

        AwaitSession(left, () => right.IsEstablished);
        AwaitPings();
        Assert.That(left.Neighbor.GetProperty("address").GetString(), Is.EqualTo($"{UnnumberedLink.LinkLocalOf(_link.Right)}%eth0"));
    }

    private static void AwaitSession(UnnumberedDaemon subject, Func<bool> isPeerEstablished)
    {
        Eventually.Get("the subject has the session", () => (Text: subject.Neighbor + subject.Log, Up: subject.IsEstablished), state => state.Up);
        Eventually.Holds("the peer has the session", isPeerEstablished);
    }

    private void AwaitPings()
    {
        Eventually.Holds("IPv4 from left to right", () => UnnumberedLink.Answers(_link.Left, _link.Left.IPv4, _link.Right.IPv4));
        Eventually.Holds("IPv6 from left to right", () => UnnumberedLink.Answers(_link.Left, _link.Left.IPv6, _link.Right.IPv6));
        Eventually.Holds("IPv4 from right to left", () => UnnumberedLink.Answers(_link.Right, _link.Right.IPv4, _link.Left.IPv4));
    }
}
