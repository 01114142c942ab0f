namespace Bgp.Protocol;

/// <summary>Reads a capability's value into the set; false where the value is not one that its RFC allows.</summary>
internal delegate bool CapabilityReader(ReadOnlySpan<byte> value, CapabilitySet set);

/// <summary>One capability that we know.</summary>
internal sealed record CapabilityRow(CapabilityCode Code, string Name, CapabilityReader Read);
