namespace Bgp.Interop.Tests;

/// <summary>A confederation as one of its members is configured with it (RFC 5065): the number that it shows outside, and the other member ASes.</summary>
internal sealed record Confederation(uint Id, params IReadOnlyList<uint> Members);
