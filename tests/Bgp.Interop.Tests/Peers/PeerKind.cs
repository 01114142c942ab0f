namespace Bgp.Interop.Tests;

/// <summary>The implementations that our daemon is measured against.</summary>
public enum PeerKind
{
    Bird,
    Frr,
    GoBgp,
    OpenBgpd,
    ExaBgp,
}
