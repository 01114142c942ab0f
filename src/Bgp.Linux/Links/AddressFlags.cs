namespace Bgp.Linux;

/// <summary>State and options of an address: IFA_F_….</summary>
[Flags]
public enum AddressFlags
{
    None = 0,
    Secondary = 0x1,

    /// <summary>Usable at once, without duplicate address detection (IPv6).</summary>
    NoDad = 0x2,

    Optimistic = 0x4,

    /// <summary>A duplicate was found: not usable.</summary>
    DadFailed = 0x8,

    Deprecated = 0x20,

    /// <summary>Duplicate address detection is going on: not usable yet.</summary>
    Tentative = 0x40,

    Permanent = 0x80,

    /// <summary>Adds no connected route.</summary>
    NoPrefixRoute = 0x200,
}
