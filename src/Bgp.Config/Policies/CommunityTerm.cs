using Bgp.Engine;

namespace Bgp.Config;

/// <summary>A community, with wildcards or without, or a named set of them.</summary>
/// <param name="Pattern">Which communities; unused for a set.</param>
/// <param name="Set">A set's name, or <c>null</c>.</param>
public readonly record struct CommunityTerm(CommunityPattern Pattern, string? Set)
{
    public static CommunityTerm Of(CommunityPattern pattern) => new(pattern, null);

    public static CommunityTerm InSet(string name) => new(default, name);
}
