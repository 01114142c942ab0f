using System.Collections.Immutable;
using Bgp.Config;

namespace Bgp.Daemon;

/// <summary>What came of a reload, or would come of one: a difference from what was in force, or a line for each fault and nothing changed.</summary>
/// <param name="Faults">Why the configuration is not used; empty when it is.</param>
/// <param name="Difference">What changes; <c>null</c> with faults.</param>
internal sealed record ReloadOutcome(ImmutableArray<string> Faults, ConfigDifference? Difference)
{
    public static ReloadOutcome Refused(params ImmutableArray<string> faults) => new(faults, null);
}
