using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>An address with the interface that a link-local one belongs to, else an empty zone.</summary>
public readonly record struct ScopedAddress(IpAddress Address, string Zone)
{
    public override string ToString() => Zone.Length == 0 ? Address.ToString() : $"{Address}%{Zone}";
}
