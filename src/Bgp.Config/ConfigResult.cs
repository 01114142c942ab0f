using System.Collections.Immutable;

namespace Bgp.Config;

/// <summary>What came of reading a router file: a configuration, or at least one fault, never both.</summary>
/// <param name="Config">The configuration; <c>null</c> when there are faults.</param>
/// <param name="Faults">Every fault found, in the order of the file.</param>
public sealed record ConfigResult(RouterConfig? Config, ImmutableArray<ConfigFault> Faults);
