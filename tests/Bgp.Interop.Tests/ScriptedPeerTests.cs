using System.Diagnostics;
using Bgp.Protocol;

namespace Bgp.Interop.Tests;

/// <summary>What no well-behaved implementation can be made to do: faults in header and OPEN, silence, single octets, an old speaker.</summary>
[NonParallelizable]
internal sealed class ScriptedPeerTests
{
    private const ushort Asn = 65010;
    private const uint Identifier = 0x01010101;

    private readonly RawTopology _topology = new();

    [OneTimeSetUp]
    public void Build() => _topology.Start();

    [OneTimeTearDown]
    public void TearDown() => _topology.Dispose();

    /// <summary>RFC 4271 §6.1: the data of a bad length and of a bad type is the field itself.</summary>
    [TestCase("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00001304", HeaderSubcode.ConnectionNotSynchronized, "", TestName = "Header_MarkerNotAllOnes_IsRefused")]
    [TestCase("474554202F20485454502F312E310D0A486F73743A", HeaderSubcode.ConnectionNotSynchronized, "", TestName = "Header_AnotherProtocol_IsRefused")]
    [TestCase("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF001204", HeaderSubcode.BadMessageLength, "0012", TestName = "Header_LengthBelowHeader_IsRefused")]
    [TestCase("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF100102", HeaderSubcode.BadMessageLength, "1001", TestName = "Header_LengthOver4096_IsRefused")]
    [TestCase("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00140400", HeaderSubcode.BadMessageLength, "0014", TestName = "Header_KeepaliveWithBody_IsRefused")]
    [TestCase("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF001309", HeaderSubcode.BadMessageType, "09", TestName = "Header_UnknownType_IsRefused")]
    public void Header(string hex, HeaderSubcode subcode, string data) =>
        Assert.That(Answer(Convert.FromHexString(hex)), Is.EqualTo(BgpError.Header(subcode, Convert.FromHexString(data))));

    /// <summary>RFC 4271 §6.2, RFC 5492 §5, RFC 6286 §2.</summary>
    [TestCaseSource(nameof(OpenFaults))]
    public void Open(byte[] open, BgpError expected) => Assert.That(Answer(open), Is.EqualTo(expected));

    /// <summary>RFC 6608: a message that is out of place names the state.</summary>
    [TestCase("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF001304", TestName = "OpenSent_Keepalive_IsUnexpected")]
    [TestCase("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00170200000000", TestName = "OpenSent_Update_IsUnexpected")]
    public void OpenSent(string hex) =>
        Assert.That(Answer(Convert.FromHexString(hex)), Is.EqualTo(BgpError.Fsm(FsmSubcode.UnexpectedMessageInOpenSent)));

    [Test]
    public void OpenFault_RightOpenLater_SessionComesUp()
    {
        var peer = _topology.AddKnown();
        var refused = peer.Connect();
        refused.Send(RawMessages.Open(3, Asn, 90, Identifier));
        refused.AwaitNotification();

        peer.Establish();

        _topology.AwaitEstablished(peer);
    }

    [Test]
    public void Established_PeerFallsSilent_HoldTimerExpires()
    {
        const ushort HoldTime = 3;
        var peer = _topology.AddKnown();
        var connection = peer.Establish(HoldTime);
        _topology.AwaitEstablished(peer);
        connection.Send(KeepaliveMessage.Bytes);
        var silence = Stopwatch.StartNew();

        var notification = connection.AwaitNotification();

        Assert.That(notification, Is.EqualTo(BgpError.HoldTimerExpired));
        Assert.That(silence.Elapsed, Is.GreaterThan(TimeSpan.FromSeconds(HoldTime - 0.1)));
        Eventually.Get("the reason", () => _topology.Subject.LastError(peer.Host), reason => reason?.Contains("Hold Timer Expired", StringComparison.OrdinalIgnoreCase) ?? false);
    }

    [Test]
    public void Messages_ByteByByte_AreReadWhole()
    {
        var peer = _topology.AddKnown();
        var connection = peer.Connect();

        connection.SendByteByByte(peer.Open());
        connection.SendByteByByte(KeepaliveMessage.Bytes);
        connection.SendByteByByte(RawMessages.Update("192.0.2.0", "4002060201" + "0000FDF2", peer.Host.IPv4));

        Assert.That(Routes.Await("192.0.2.0/24", _topology.Subject, peer.Host).AsPath, Is.EqualTo("65010"));
    }

    /// <summary>RFC 7313 §4: between BoRR and EoRR the peer says what it still has; what it does not repeat is gone.</summary>
    [Test]
    public void EnhancedRefresh_RouteNotRepeated_IsSwept()
    {
        var peer = AddEnhancedPeer();
        var connection = peer.Establish();
        var (kept, dropped) = (RawMessages.Update("192.0.2.0", "4002060201" + "0000FDF2", peer.Host.IPv4), RawMessages.Update("192.0.3.0", "4002060201" + "0000FDF2", peer.Host.IPv4));
        connection.Send(kept);
        connection.Send(dropped);
        // End-of-RIB (RFC 4724 §2).
        connection.Send(RawMessages.Message(MessageType.Update, 0, 0, 0, 0));
        Routes.Await("192.0.2.0/24", _topology.Subject, peer.Host);
        Routes.Await("192.0.3.0/24", _topology.Subject, peer.Host);

        connection.Send(RawMessages.Demarcation(RouteRefreshSubtype.BeginningOfRefresh));
        connection.Send(kept);
        connection.Send(RawMessages.Demarcation(RouteRefreshSubtype.EndOfRefresh));

        Routes.AwaitNone("192.0.3.0/24", _topology.Subject, peer.Host);
        Assert.That(_topology.Subject.Received("192.0.2.0/24", peer.Host), Is.Not.Null);
        Assert.That(_topology.Subject.IsEstablished(peer.Host), Is.True);
    }

    /// <summary>RFC 6793 §4.2.3: AS_TRANS in a path from an old speaker is mended with AS4_PATH.</summary>
    [Test]
    public void TwoOctetPeer_SendsAs4Path_PathIsMerged()
    {
        var peer = AddTwoOctetPeer(65020);
        var connection = peer.Establish();

        connection.Send(RawMessages.Update("192.0.2.0", "4002080203" + "FDFC5BA0FDFD" + "C0110A0202" + "FA56EA0B0000FDFD", peer.Host.IPv4));

        Assert.That(Routes.Await("192.0.2.0/24", _topology.Subject, peer.Host).AsPath, Is.EqualTo("65020 4200000011 65021"));
    }

    /// <summary>RFC 6793 §4.2.2: an old speaker is sent AS_TRANS, and the whole path in AS4_PATH.</summary>
    [Test]
    public void TwoOctetPeer_RouteWithLargeAs_IsSentWithAs4Path()
    {
        var old = AddTwoOctetPeer(65021);
        var connection = old.Establish();
        var modern = _topology.AddKnown(4200000010);

        modern.Establish().Send(RawMessages.Update("198.51.100.0", "4002060201" + "FA56EA0A", modern.Host.IPv4));

        var update = connection.Await(MessageType.Update);
        while (!Convert.ToHexString(update).EndsWith("18C63364", StringComparison.Ordinal))
        {
            update = connection.Await(MessageType.Update);
        }

        Assert.That(Convert.ToHexString(update), Does.Contain("4002060202" + "FC005BA0").And.Contain("C0110A0202" + "0000FC00FA56EA0A"));
    }

    private static IEnumerable<TestCaseData> OpenFaults()
    {
        const string Ipv4Unicast = "02060104" + "00010001";
        const string Vpnv4 = "02060104" + "00010080";
        yield return Fault("VersionThree", RawMessages.Open(3, Asn, 90, Identifier, Ipv4Unicast), OpenSubcode.UnsupportedVersionNumber, "0004");
        yield return Fault("AnotherAs", RawMessages.Open(4, 65011, 90, Identifier, Ipv4Unicast), OpenSubcode.BadPeerAs);
        yield return Fault("IdentifierZero", RawMessages.Open(4, Asn, 90, 0, Ipv4Unicast), OpenSubcode.BadBgpIdentifier);
        yield return Fault("HoldTimeOne", RawMessages.Open(4, Asn, 1, Identifier, Ipv4Unicast), OpenSubcode.UnacceptableHoldTime);
        yield return Fault("UnknownParameter", RawMessages.Open(4, Asn, 90, Identifier, "0100"), OpenSubcode.UnsupportedOptionalParameter);
        yield return Fault("OtherFamilyOnly", RawMessages.Open(4, Asn, 90, Identifier, Vpnv4), OpenSubcode.UnsupportedCapability, "010400010001" + "010400020001");
        yield return Fault("ParametersCutShort", RawMessages.Open(4, Asn, 90, Identifier, "0206"), 0);
    }

    private static TestCaseData Fault(string name, byte[] open, OpenSubcode subcode, string data = "") =>
        new TestCaseData(open, BgpError.Open(subcode, Convert.FromHexString(data))).SetName($"Open_{name}_IsRefused");

    /// <summary>What the daemon answers to this instead of an OPEN.</summary>
    private BgpError Answer(byte[] bytes)
    {
        var connection = _topology.AddKnown().Connect();
        connection.Await(MessageType.Open);
        connection.Send(bytes);
        return connection.AwaitNotification();
    }

    private RawPeer AddEnhancedPeer()
    {
        const uint EnhancedAsn = 65010;
        var peer = _topology.Add((host, subject) => new RawPeer(host, subject, EnhancedAsn)
        {
            Capabilities = new CapabilitySetBuilder().Family(AddressFamily.Ipv4Unicast).RouteRefresh().EnhancedRouteRefresh().FourOctetAs(new Asn(EnhancedAsn)).Build(),
        });
        _topology.Introduce(peer, isPassive: true);
        return peer;
    }

    /// <summary>A peer without the capability of four-octet AS numbers.</summary>
    private RawPeer AddTwoOctetPeer(uint asn)
    {
        var peer = _topology.Add((host, subject) => new RawPeer(host, subject, asn)
        {
            Capabilities = new CapabilitySetBuilder().Family(AddressFamily.Ipv4Unicast).Build(),
        });
        _topology.Introduce(peer, isPassive: true);
        return peer;
    }
}
