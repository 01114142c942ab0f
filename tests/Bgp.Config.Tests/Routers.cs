using System.Collections.Immutable;

namespace Bgp.Config.Tests;

/// <summary>Router files as text for the tests, and short ways to read them.</summary>
internal static class Routers
{
    public const string File = "router.yaml";

    /// <summary>The configuration that a text says; fails the test when it has faults.</summary>
    public static RouterConfig Read(string text)
    {
        var result = RouterConfigFile.Parse(text, File);
        Assert.That(Lines(result.Faults), Is.Empty);
        return result.Config!;
    }

    /// <summary>The faults of a text as they are printed, a line each; empty when there are none.</summary>
    public static string Faults(string text)
    {
        var result = RouterConfigFile.Parse(text, File);
        Assert.That(result.Config is null, Is.EqualTo(!result.Faults.IsEmpty), "a configuration or faults, never both");
        return Lines(result.Faults);
    }

    /// <summary>A file with one neighbor, whose fields after address and AS are given; they stand in line 4, from column 37.</summary>
    public static string WithNeighbor(string fields) => $"router:\n  asn: 64512\nneighbors:\n  - {{address: 10.0.0.2, asn: 64512, {fields}}}\n";

    public static PeerSettings Neighbor(string fields) => Read(WithNeighbor(fields)).Neighbors[0].Settings;

    private static string Lines(ImmutableArray<ConfigFault> faults) => string.Join('\n', faults);
}
