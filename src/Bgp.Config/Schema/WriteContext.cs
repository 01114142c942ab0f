namespace Bgp.Config;

/// <summary>How to print.</summary>
/// <param name="All">Print every field, and not only what differs from its default or its group.</param>
/// <param name="Groups">The peer groups that neighbors take their fields from.</param>
internal sealed record WriteContext(bool All, IReadOnlyDictionary<string, PeerSettings> Groups)
{
    public static readonly WriteContext Defaults = new(false, new Dictionary<string, PeerSettings>());
}
