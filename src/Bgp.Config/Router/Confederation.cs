using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>A confederation (RFC 5065): the number it shows outside, and its member ASes.</summary>
public sealed record Confederation
{
    public Asn Id { get; init; }

    public EquatableArray<Asn> Members { get; init; }
}
