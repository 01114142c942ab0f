using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>
/// Drives one <see cref="PeerFsm"/> and writes its effects as words: <c>Connect 2</c>, <c>Send 2 OPEN</c>, <c>Close 2</c>, <c>Up 2 #1</c>,
/// <c>State Idle→Connect</c>. The neighbor is AS 65002 with identifier 2.2.2.2, we are AS 65001 with 1.1.1.1, unless a test says otherwise.
/// </summary>
internal sealed class PeerScript(ulong seed = 1)
{
    public static readonly ConnectionId Out = new(2);
    public static readonly ConnectionId In = new(1);
    public static readonly Asn OurAsn = new(65001);
    public static readonly Asn TheirAsn = new(65002);
    public static readonly RouterId OurId = Id("1.1.1.1");
    public static readonly RouterId TheirId = Id("2.2.2.2");

    public static readonly NeighborConfig Neighbor = new()
    {
        Key = new NeighborKey(IpAddress.Parse("192.0.2.2"), "", BgpConstants.Port),
        LocalAsn = OurAsn,
        RemoteAsn = TheirAsn,
        Families = [new FamilyConfig(AddressFamily.Ipv4Unicast)],
    };

    public static readonly ConnectionEnds Ends = new(IpAddress.Parse("192.0.2.1"), 40000, IpAddress.Parse("192.0.2.2"), BgpConstants.Port);

    private readonly EffectBuffer<SessionEffect> _effects = new();

    public PeerFsm Fsm { get; } = new(new PeerNumber(new PeerId(0)), seed);

    public Instant Now { get; private set; } = new(1_000_000);

    /// <summary>The effects of the last step.</summary>
    public IReadOnlyList<SessionEffect> Effects => _effects.AsSpan().ToArray();

    public SessionState State => Fsm.Status.State;

    public static RouterId Id(string text) => RouterId.TryParse(text, out var id) ? id : throw new FormatException(text);

    /// <summary>The neighbor's OPEN: 90 s, IPv4 unicast, four-octet AS numbers, route refresh.</summary>
    public static OpenMessage Open(RouterId? id = null, Asn? asn = null, ushort holdTime = 90, CapabilitySet? capabilities = null) => new(
        asn ?? TheirAsn,
        holdTime,
        id ?? TheirId,
        capabilities ?? new CapabilitySetBuilder().Family(AddressFamily.Ipv4Unicast).RouteRefresh().FourOctetAs(asn ?? TheirAsn).Build());

    public static byte[] Bytes(OpenMessage open)
    {
        var message = new byte[open.Length];
        open.WriteTo(message);
        return message;
    }

    public static byte[] Bytes(BgpError error) => SessionFsm.Encode(error).ToArray();

    public static byte[] Bytes(RouteRefreshMessage refresh)
    {
        var message = new byte[RouteRefreshMessage.Length];
        refresh.WriteTo(message);
        return message;
    }

    public static byte[] Keepalive() => KeepaliveMessage.Bytes.ToArray();

    public static byte[] EmptyUpdate()
    {
        var message = new byte[BgpConstants.MinUpdateLength];
        MessageHeader.Write(message, MessageType.Update, message.Length);
        return message;
    }

    public string[] Do(SessionInput input)
    {
        _effects.Clear();
        Fsm.Step(input, Now, _effects);
        Assert.That(Fsm.NextDeadline, Is.Null.Or.GreaterThan(Now), "a step leaves nothing due behind");
        return [.. Effects.Select(Words)];
    }

    public string[] Do(SessionInputKind kind) => Do(new SessionInput(kind));

    public string[] Configure(NeighborConfig? neighbor = null, RouterId? routerId = null) =>
        Do(new SessionInput(SessionInputKind.Configure) { Config = new PeerSettings(neighbor ?? Neighbor, routerId ?? OurId) });

    public string[] Opened(ConnectionId connection) => Do(new SessionInput(SessionInputKind.ConnectionOpened) { Connection = connection, Ends = Ends });

    public string[] Failed(ConnectionId connection) => Do(new SessionInput(SessionInputKind.ConnectionFailed) { Connection = connection, Text = "refused" });

    public string[] Closed(ConnectionId connection) => Do(new SessionInput(SessionInputKind.ConnectionClosed) { Connection = connection, Text = "reset" });

    public string[] Receive(ConnectionId connection, byte[] message) =>
        Do(new SessionInput(SessionInputKind.Message) { Connection = connection, Message = message });

    public string[] Probed(ConnectionId connection, ProbeResult result) =>
        Do(new SessionInput(SessionInputKind.Probed) { Connection = connection, Probe = result });

    public string[] Verdict(uint generation, BgpError error) =>
        Do(new SessionInput(SessionInputKind.Verdict) { Generation = new SessionGeneration(generation), Error = error });

    /// <summary>Lets time pass, then ticks once.</summary>
    public string[] After(TimeSpan span) => At(Now + span);

    /// <summary>Ticks at a time.</summary>
    public string[] At(Instant time)
    {
        Assert.That(time, Is.GreaterThanOrEqualTo(Now), "time goes forward");
        Now = time;
        return Do(SessionInputKind.Tick);
    }

    /// <summary>Ticks at the next deadline.</summary>
    public string[] AtDeadline() => At(Fsm.NextDeadline ?? throw new AssertionException("there is no deadline"));

    /// <summary>Lets time pass without a tick.</summary>
    public void Pass(TimeSpan span) => Now += span;

    /// <summary>Configured, connected, our OPEN sent.</summary>
    public PeerScript ToOpenSent(NeighborConfig? neighbor = null)
    {
        Configure(neighbor);
        Opened(Out);
        Assert.That(State, Is.EqualTo(SessionState.OpenSent));
        return this;
    }

    public PeerScript ToOpenConfirm(NeighborConfig? neighbor = null, OpenMessage? open = null)
    {
        ToOpenSent(neighbor).Receive(Out, Bytes(open ?? Open()));
        Assert.That(State, Is.EqualTo(SessionState.OpenConfirm));
        return this;
    }

    public PeerScript ToEstablished(NeighborConfig? neighbor = null, OpenMessage? open = null)
    {
        ToOpenConfirm(neighbor, open).Receive(Out, Keepalive());
        Assert.That(State, Is.EqualTo(SessionState.Established));
        return this;
    }

    private static string Words(SessionEffect effect) => effect.Kind switch
    {
        SessionEffectKind.Send => $"Send {effect.Connection} {Words(effect.Message.Span)}",
        SessionEffectKind.Up => $"Up {effect.Connection} #{effect.Generation}",
        SessionEffectKind.Down => $"Down #{effect.Generation} {effect.Reason}",
        SessionEffectKind.RefreshReceived => $"RefreshReceived #{effect.Generation} {effect.Refresh.Family} {effect.Refresh.Subtype}",
        SessionEffectKind.StateChanged => $"State {effect.OldState}→{effect.NewState}",
        SessionEffectKind.AttemptFailed => $"AttemptFailed {effect.Connection} {effect.Reason}",
        SessionEffectKind.Removed => "Removed",
        _ => $"{effect.Kind} {effect.Connection}",
    };

    private static string Words(ReadOnlySpan<byte> message)
    {
        Assert.That(MessageHeader.TryRead(message, BgpConstants.MaxMessageLength, out var type, out var length, out var error), Is.True, error.ToString());
        Assert.That(length, Is.EqualTo(message.Length), "the header's length is the message's");
        var body = message[BgpConstants.HeaderLength..];
        switch (type)
        {
            case MessageType.Notification:
                Assert.That(NotificationMessage.TryParse(body, out var notification, out _), Is.True);
                return $"NOTIFICATION {notification.Error}" + (notification.ShutdownText is { } text ? $" \"{text}\"" : "");
            case MessageType.RouteRefresh:
                Assert.That(RouteRefreshMessage.TryParse(body, out var refresh, out _), Is.True);
                return $"ROUTE-REFRESH {refresh.Family}";
            default:
                return type.ToString().ToUpper(CultureInfo.InvariantCulture);
        }
    }
}
