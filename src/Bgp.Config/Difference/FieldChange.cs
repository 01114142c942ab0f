namespace Bgp.Config;

/// <summary>A field that differs between two configurations.</summary>
/// <param name="Field">Its path: of a neighbor from the neighbor, as in <c>holdTime</c>; else from the root, as in <c>router.asn</c>.</param>
/// <param name="Effect">What this change does to a running daemon.</param>
public sealed record FieldChange(string Field, ReloadClass Effect);
