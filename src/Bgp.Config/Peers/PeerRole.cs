namespace Bgp.Config;

/// <summary>Our role on a session (RFC 9234 §4.1), numbered as in IANA's registry.</summary>
public enum PeerRole : byte
{
    Provider = 0,
    Rs = 1,
    RsClient = 2,
    Customer = 3,
    Peer = 4,
}
