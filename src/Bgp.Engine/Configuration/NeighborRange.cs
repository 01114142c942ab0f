using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Addresses from which anyone may open a session that no configured neighbor claims. Where ranges overlap the longest prefix holds.
/// </summary>
/// <param name="Prefix">The addresses; link-local ones of every interface.</param>
/// <param name="Limit">How many of them may have a connection at a time.</param>
/// <param name="Template">Their settings; the address of its key is only the prefix's.</param>
public sealed record NeighborRange(IpPrefix Prefix, int Limit, NeighborConfig Template)
{
    /// <summary>The neighbor at an address of the range. It is passive: where it is to be found is not known before it comes.</summary>
    public NeighborConfig At(IpAddress address, string zone) => Template with
    {
        Key = new NeighborKey(address, zone, Template.Key.Port),
        Range = Prefix,
        Passive = true,
    };
}
