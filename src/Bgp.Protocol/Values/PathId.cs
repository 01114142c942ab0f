using System.Globalization;

namespace Bgp.Protocol;

/// <summary>The path identifier of ADD-PATH (RFC 7911 §3); 0 where ADD-PATH is not in use.</summary>
public readonly record struct PathId(uint Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
