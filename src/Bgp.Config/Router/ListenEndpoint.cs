using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>An address and a TCP port to listen on; 0.0.0.0 and :: are every address of their family.</summary>
public readonly record struct ListenEndpoint(IpAddress Address, ushort Port)
{
    public override string ToString() => Address.IsV6
        ? string.Create(CultureInfo.InvariantCulture, $"[{Address}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");
}
