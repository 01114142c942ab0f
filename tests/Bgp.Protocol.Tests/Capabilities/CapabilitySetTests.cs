using static Bgp.Protocol.Tests.UpdateBytes;

namespace Bgp.Protocol.Tests;

public sealed class CapabilitySetTests
{
    private static readonly AddressFamily V4 = AddressFamily.Ipv4Unicast;
    private static readonly AddressFamily V6 = AddressFamily.Ipv6Unicast;

    [Test]
    public void Builder_Everything_ReadsBack()
    {
        var set = new CapabilitySetBuilder()
            .Family(V4).Family(V6).RouteRefresh().EnhancedRouteRefresh().ExtendedMessages().FourOctetAs(new Asn(4200000001))
            .AddPath(new AddPathFamily(V4, AddPathMode.Both), new AddPathFamily(V6, AddPathMode.Receive))
            .ExtendedNextHop(new ExtendedNextHopFamily(V4, Afi.Ipv6))
            .GracefulRestart(new GracefulRestartCapability(true, true, TimeSpan.FromSeconds(120), [new GracefulRestartFamily(V4, true), new GracefulRestartFamily(V6, false)]))
            .LongLived(new LongLivedFamily(V4, true, TimeSpan.FromHours(24)))
            .Fqdn(new FqdnCapability("rtr1", "lab")).Role(BgpRole.Customer)
            .Build();
        var open = new OpenMessage(new Asn(4200000001), 90, new RouterId(0xc0000201), set);
        Assert.That(MessageText.Describe(RoundTrip(open)), Is.EqualTo(
            "open asn=4200000001 hold=90 id=192.0.2.1 families=ipv4-unicast,ipv6-unicast refresh enhanced-refresh extended-messages as4=4200000001"
            + " add-path=ipv4-unicast/Both,ipv6-unicast/Receive extended-next-hop=ipv4-unicast/Ipv6 restart=120s/R/N restart-families=ipv4-unicast/F,ipv6-unicast"
            + " long-lived=ipv4-unicast/86400s/F fqdn=rtr1.lab role=Customer"));
    }

    [Test]
    public void Names_KnownAndUnknown_AreListedOnce()
    {
        var set = new CapabilitySetBuilder().Family(V4).Family(V6).RouteRefresh().Raw((CapabilityCode)200, [1]).Build();
        Assert.That(set.Names, Is.EqualTo(new[] { "multiprotocol", "route-refresh", "unknown-200" }));
    }

    // RFC 5492 §3: what is not understood is ignored, and kept as it is.
    [TestCase(CapabilityCode.RouteRefresh, "00")]
    [TestCase(CapabilityCode.ExtendedMessage, "00")]
    [TestCase(CapabilityCode.EnhancedRouteRefresh, "00")]
    [TestCase(CapabilityCode.AddPath, "000101")]
    [TestCase(CapabilityCode.AddPath, "")]
    [TestCase(CapabilityCode.ExtendedNextHop, "0001000100")]
    [TestCase(CapabilityCode.GracefulRestart, "00")]
    [TestCase(CapabilityCode.GracefulRestart, "0078 0001")]
    [TestCase(CapabilityCode.LongLivedGracefulRestart, "0001")]
    [TestCase(CapabilityCode.Role, "")]
    [TestCase(CapabilityCode.Fqdn, "05 7274")]
    [TestCase(CapabilityCode.Fqdn, "02 7274 05 6c")]
    [TestCase(CapabilityCode.Fqdn, "")]
    public void Capability_ValueNotAllowed_CountsAsUnknown(CapabilityCode code, string value)
    {
        var set = new CapabilitySetBuilder().Raw(code, Hex(value)).Build();
        Assert.That(set.Unknown, Has.Count.EqualTo(1));
        Assert.That(set.RouteRefresh || set.ExtendedMessages || set.EnhancedRouteRefresh || set.AddPath.Count != 0
            || set.GracefulRestart is not null || set.LongLived is not null || set.Role is not null || set.Fqdn is not null, Is.False);
    }

    [Test]
    public void AddPath_ModeOutOfRange_IsLeftOut()
    {
        var set = new CapabilitySetBuilder().Raw(CapabilityCode.AddPath, Hex("00010104 00020102")).Build();
        Assert.That((set.AddPathFor(V4), set.AddPathFor(V6)), Is.EqualTo((AddPathMode.None, AddPathMode.Send)));
    }

    [Test]
    public void AddPath_FamilyTwice_LastCounts()
    {
        var set = new CapabilitySetBuilder().Raw(CapabilityCode.AddPath, Hex("00010101 00010102")).Build();
        Assert.That(set.AddPathFor(V4), Is.EqualTo(AddPathMode.Send));
    }

    [Test]
    public void Family_NoneNamed_IsIpv4Unicast() =>
        Assert.That((CapabilitySet.Empty.HasFamily(V4), CapabilitySet.Empty.HasFamily(V6)), Is.EqualTo((true, false)));

    [Test]
    public void Role_Twice_ConflictIsTold()
    {
        var same = new CapabilitySetBuilder().Role(BgpRole.Peer).Role(BgpRole.Peer).Build();
        var other = new CapabilitySetBuilder().Role(BgpRole.Peer).Role(BgpRole.Customer).Build();
        Assert.That((same.HasConflictingRoles, other.HasConflictingRoles), Is.EqualTo((false, true)));
    }

    [Test]
    public void RestartTime_OverTwelveBits_IsTheLargest()
    {
        var set = new CapabilitySetBuilder().GracefulRestart(new GracefulRestartCapability(false, false, TimeSpan.FromHours(2), [])).Build();
        Assert.That(set.GracefulRestart?.RestartTime, Is.EqualTo(GracefulRestartCapability.MaxRestartTime));
    }

    [Test]
    public void Fqdn_TooLong_IsCutAtACharacter()
    {
        var set = new CapabilitySetBuilder().Fqdn(new FqdnCapability(new string('a', 63) + "é", "")).Build();
        Assert.That(set.Fqdn?.Host, Is.EqualTo(new string('a', 63)));
    }

    [Test]
    public void Build_TooMuchForAnOpen_Throws()
    {
        var builder = new CapabilitySetBuilder();
        for (var i = 0; i < 16; i++)
        {
            builder.Raw((CapabilityCode)200, new byte[255]);
        }

        Assert.That(() => builder.Build(), Throws.InvalidOperationException);
    }

    [Test]
    public void Sets_SameBytes_AreEqual()
    {
        var one = new CapabilitySetBuilder().Family(V4).RouteRefresh().Build();
        var two = new CapabilitySetBuilder().Family(V4).RouteRefresh().Build();
        Assert.That((one.Equals(two), one.GetHashCode() == two.GetHashCode(), one.Equals(CapabilitySet.Empty)), Is.EqualTo((true, true, false)));
    }

    private static OpenMessage RoundTrip(OpenMessage open)
    {
        var buffer = new byte[BgpConstants.MaxMessageLength];
        var length = open.WriteTo(buffer);
        Assert.That(OpenMessage.TryParse(buffer.AsSpan(BgpConstants.HeaderLength, length - BgpConstants.HeaderLength), out var read, out _), Is.True);
        Assert.That(read, Is.EqualTo(open));
        return read;
    }
}
