using System.Globalization;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>The prefixes within a prefix whose length lies within bounds, inclusive.</summary>
public readonly record struct PrefixRange(IpPrefix Prefix, byte MinLength, byte MaxLength)
{
    /// <summary>Just the prefix, or <c>10.244.0.0/16 24..28</c>.</summary>
    public override string ToString() => MinLength == Prefix.Length && MaxLength == Prefix.Length
        ? Prefix.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{Prefix} {MinLength}..{MaxLength}");
}
