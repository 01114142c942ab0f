using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>A family of a session; what is <c>null</c> is as the neighbor says for all its families.</summary>
public sealed record FamilySettings(AddressFamily Family)
{
    public MaxPrefixesSettings? MaxPrefixes { get; init; }

    public AddPathsSettings? AddPaths { get; init; }

    public EquatableArray<string>? ImportPolicy { get; init; }

    public EquatableArray<string>? ExportPolicy { get; init; }
}
