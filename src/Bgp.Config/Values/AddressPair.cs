using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>An address of each family, either of which may be absent.</summary>
public sealed record AddressPair
{
    public IpAddress? Ipv4 { get; init; }

    public IpAddress? Ipv6 { get; init; }
}
