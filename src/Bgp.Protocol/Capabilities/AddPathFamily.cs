namespace Bgp.Protocol;

/// <summary>One entry of the ADD-PATH capability (RFC 7911 §4).</summary>
public readonly record struct AddPathFamily(AddressFamily Family, AddPathMode Mode);
