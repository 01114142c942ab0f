using System.Collections.Immutable;

namespace Bgp.Daemon;

/// <summary>What came of a reload: nothing is wrong and the configuration is in force, or a line for each fault and nothing changed.</summary>
internal sealed record ReloadOutcome(ImmutableArray<string> Faults)
{
    public static readonly ReloadOutcome Applied = new([]);

    public bool IsApplied => Faults.IsEmpty;
}
