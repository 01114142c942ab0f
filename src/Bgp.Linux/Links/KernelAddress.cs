using Bgp.Protocol;

namespace Bgp.Linux;

/// <summary>An address of a device.</summary>
/// <param name="Address">The address itself, host bits included.</param>
/// <param name="PrefixLength">The length of the connected prefix in bits.</param>
/// <param name="InterfaceIndex">The device.</param>
public readonly record struct KernelAddress(IpAddress Address, byte PrefixLength, int InterfaceIndex)
{
    public RouteScope Scope { get; init; }

    public AddressFlags Flags { get; init; }

    /// <summary>The other end's address on a point-to-point device; else none.</summary>
    public IpAddress Peer { get; init; }

    /// <summary>The connected prefix.</summary>
    public IpPrefix Prefix => new(Peer.IsNone ? Address : Peer, PrefixLength);

    /// <summary>Neither tentative nor a duplicate.</summary>
    public bool IsUsable => (Flags & (AddressFlags.Tentative | AddressFlags.DadFailed)) == 0;
}
