namespace Bgp.Config;

/// <summary>Sets that policies refer to by name, ordered by name.</summary>
public sealed record NamedSets
{
    public EquatableArray<Named<EquatableArray<PrefixRange>>> Prefixes { get; init; }

    public EquatableArray<Named<EquatableArray<string>>> Communities { get; init; }
}
