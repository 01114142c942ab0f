using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>One interface of a node: the segment that it is on and its addresses there (either may be absent). On-link is what shares the first 16 bits (IPv4) or 64 bits (IPv6).</summary>
public sealed record InterfaceSpec(int Segment, IpAddress AddressV4, IpAddress AddressV6)
{
    private const byte OnLinkV4 = 16;
    private const byte OnLinkV6 = 64;

    public IEnumerable<IpAddress> Addresses
    {
        get
        {
            if (!AddressV4.IsNone)
            {
                yield return AddressV4;
            }

            if (!AddressV6.IsNone)
            {
                yield return AddressV6;
            }
        }
    }

    /// <summary>The address of the same family as <paramref name="other"/>; may be absent.</summary>
    public IpAddress AddressLike(IpAddress other) => other.IsV4 ? AddressV4 : AddressV6;

    /// <summary>Whether an address is on this interface's subnet.</summary>
    public bool IsOnLink(IpAddress address) => AddressLike(address) is { IsNone: false } own && SubnetOf(own).Contains(address);

    /// <summary>The on-link prefix of an address.</summary>
    public static IpPrefix SubnetOf(IpAddress address) => new(address, OnLinkLength(address));

    public static byte OnLinkLength(IpAddress address) => address.IsV4 ? OnLinkV4 : OnLinkV6;
}
