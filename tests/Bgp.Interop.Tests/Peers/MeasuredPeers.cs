using System.Diagnostics;

namespace Bgp.Interop.Tests;

/// <summary>Starts a peer by its kind.</summary>
internal static class MeasuredPeers
{
    public static IMeasuredPeer Start(PeerKind kind, Host host, uint asn, params IReadOnlyList<Session> sessions) => kind switch
    {
        PeerKind.Bird => new BirdPeer(host, asn, sessions),
        PeerKind.Frr => new FrrPeer(host, asn, sessions),
        PeerKind.GoBgp => new GoBgpPeer(host, asn, sessions),
        PeerKind.OpenBgpd => new OpenBgpdPeer(host, asn, sessions),
        PeerKind.ExaBgp => new ExaBgpPeer(host, asn, sessions),
        _ => throw new UnreachableException($"{kind}"),
    };
}
