using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

/// <summary>Negotiated sessions for tests that need one and care for little of it.</summary>
internal static class Sessions
{
    public static NegotiatedSession WithReceiveLimit(int maxMessageLength) => new()
    {
        LocalAsn = new Asn(64512),
        RemoteAsn = new Asn(64512),
        Type = SessionType.Internal,
        RemoteRouterId = new RouterId(1),
        Ends = default,
        HoldTime = TimeSpan.FromSeconds(90),
        Keepalive = TimeSpan.FromSeconds(30),
        Families = [AddressFamily.Ipv4Unicast],
        Receive = new CodecProfile(CodecFlags.FourOctetAs, maxMessageLength),
        Send = new CodecProfile(CodecFlags.FourOctetAs, BgpConstants.MaxMessageLength),
        RemoteCapabilities = CapabilitySet.Empty,
    };
}
