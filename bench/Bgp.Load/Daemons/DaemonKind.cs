namespace Bgp.Load;

/// <summary>What is put under load.</summary>
internal enum DaemonKind
{
    /// <summary>This repository's daemon.</summary>
    Bgp,
    Bird,
    Frr,
    GoBgp,
    OpenBgpd,

    /// <summary>The same bytes through one process that looks at message boundaries alone: what no daemon can be faster than.</summary>
    Floor,
}
