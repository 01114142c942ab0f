namespace Bgp.Protocol;

/// <summary>Address family identifiers, as in IANA's registry.</summary>
public enum Afi : ushort
{
    Ipv4 = 1,
    Ipv6 = 2,
}

/// <summary>Subsequent address family identifiers, as in IANA's registry.</summary>
public enum Safi : byte
{
    Unicast = 1,
    Multicast = 2,
}

/// <summary>An AFI and SAFI pair as it stands on the wire; unknown numbers are kept (RFC 4760 §8).</summary>
public readonly record struct AddressFamily(Afi Afi, Safi Safi)
{
    public static AddressFamily Ipv4Unicast => new(Afi.Ipv4, Safi.Unicast);

    public static AddressFamily Ipv6Unicast => new(Afi.Ipv6, Safi.Unicast);

    /// <summary>Whether this speaker carries routes of the family.</summary>
    public bool IsSupported => Safi == Safi.Unicast && Afi is Afi.Ipv4 or Afi.Ipv6;

    /// <summary>The family of a prefix, which is always unicast here.</summary>
    public static AddressFamily Of(in IpPrefix prefix) => prefix.Address.IsV4 ? Ipv4Unicast : Ipv6Unicast;

    // The generated equality asks comparers of the enums, which box them where code is compiled ahead of time.
    public bool Equals(AddressFamily other) => Afi == other.Afi && Safi == other.Safi;

    public override int GetHashCode() => ((int)Afi << 8) | (int)Safi;

    /// <summary>The configuration's name of the family: <c>ipv4-unicast</c>, <c>ipv6-unicast</c>, else <c>afi-N-safi-M</c>.</summary>
    public override string ToString() => this == Ipv4Unicast ? "ipv4-unicast"
        : this == Ipv6Unicast ? "ipv6-unicast"
        : $"afi-{(ushort)Afi}-safi-{(byte)Safi}";
}
