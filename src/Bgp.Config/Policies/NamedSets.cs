using Bgp.Engine;

namespace Bgp.Config;

/// <summary>Sets that policies refer to by name, ordered by name.</summary>
public sealed record NamedSets
{
    public EquatableArray<Named<EquatableArray<PrefixRange>>> Prefixes { get; init; }

    /// <summary>Of communities, with wildcards or without.</summary>
    public EquatableArray<Named<EquatableArray<CommunityPattern>>> Communities { get; init; }
}
