using System.Collections.Immutable;

namespace Bgp.Interop.Tests;

/// <summary>A router file as a value, so that a change of it is a `with`. Each section's text is YAML in one line.</summary>
internal sealed record RouterText
{
    /// <summary>Fields of `router`.</summary>
    public ImmutableSortedDictionary<string, string> Router { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Top-level sections but `router` and `neighbors`.</summary>
    public ImmutableSortedDictionary<string, string> Sections { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Fields of each neighbor, by address with zone.</summary>
    public ImmutableSortedDictionary<string, string> Neighbors { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public RouterText WithRouter(string field, string value) => this with { Router = Router.SetItem(field, value) };

    public RouterText With(string section, string text) => this with { Sections = Sections.SetItem(section, text) };

    public RouterText WithNeighbor(string address, string fields) => this with { Neighbors = Neighbors.SetItem(address, fields) };

    public RouterText Without(string address) => this with { Neighbors = Neighbors.Remove(address) };

    public override string ToString() => string.Join('\n',
    [
        $"router: {{{string.Join(", ", Router.Select(field => $"{field.Key}: {field.Value}"))}}}",
        .. Sections.Select(section => $"{section.Key}: {section.Value}"),
        "neighbors:",
        .. Neighbors.Select(neighbor => $"  - {{address: \"{neighbor.Key}\", {neighbor.Value}}}"),
        "",
    ]);
}
