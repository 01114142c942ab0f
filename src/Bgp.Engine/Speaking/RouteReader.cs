namespace Bgp.Engine;

/// <summary>What a question on the route lane may read; valid during the call only.</summary>
public readonly record struct RouteReader(Instant Now, RouteEngine Routes, FibReconciler Fib);
