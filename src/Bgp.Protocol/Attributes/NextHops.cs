namespace Bgp.Protocol;

/// <summary>Which next hops are valid on the wire, and their canonical form.</summary>
internal static class NextHops
{
    public const int Ipv4Length = 4;
    public const int Ipv6Length = 16;
    public const int Ipv6PairLength = 32;

    /// <summary>Whether a host can have the address (RFC 4271 §6.3): not 0/8, loopback, multicast or reserved.</summary>
    public static bool IsUsable(IpAddress address) => address.IsV4
        ? address.V4Bits >> 24 is not (0 or 127) && address.V4Bits >> 28 < 0xe
        : address.IsV6 && !address.IsUnspecified && !address.IsLoopback && !address.IsMulticast;

    /// <summary>Whether MP_REACH_NLRI of the family may have a next hop of that length (RFC 4760 §3, RFC 2545 §3, RFC 8950 §3).</summary>
    public static bool IsAllowedLength(AddressFamily family, int length, in CodecProfile profile)
    {
        if (family == AddressFamily.Ipv4Unicast)
        {
            return length == Ipv4Length || (length is Ipv6Length or Ipv6PairLength && profile.ExtendedNextHopIpv4);
        }

        return family != AddressFamily.Ipv6Unicast || length is Ipv6Length or Ipv6PairLength;
    }

    /// <summary>
    /// Takes from a next hop what is canonical: of a pair that is not a global and a link-local address, as speakers send it that have
    /// only one of them, the one that counts. False where no usable address is in it.
    /// </summary>
    public static bool TryNormalize(ReadOnlySpan<byte> nextHop, out ReadOnlySpan<byte> canonical)
    {
        canonical = nextHop;
        if (nextHop.Length is Ipv4Length or Ipv6Length)
        {
            return IsUsable(IpAddress.FromBytes(nextHop));
        }

        if (nextHop.Length != Ipv6PairLength)
        {
            return false;
        }

        var first = IpAddress.FromBytes(nextHop[..Ipv6Length]);
        var second = IpAddress.FromBytes(nextHop[Ipv6Length..]);
        if (second.IsLinkLocal && (first.IsUnspecified || first.IsLinkLocal))
        {
            canonical = nextHop[Ipv6Length..];
            return true;
        }

        if (!second.IsLinkLocal)
        {
            canonical = nextHop[..Ipv6Length];
        }

        return IsUsable(first);
    }
}
