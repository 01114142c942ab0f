namespace Bgp.Config;

/// <summary>
/// A router file as a value: validated, immutable, equal to another by what it says. Peer groups are merged into their neighbors, names are known to be
/// defined; defaults are applied, but for those that only the running router knows (<c>null</c>).
/// </summary>
public sealed record RouterConfig
{
    public RouterSettings Router { get; init; } = new();

    public EquatableArray<Network> Networks { get; init; }

    public EquatableArray<Aggregate> Aggregates { get; init; }

    public EquatableArray<StaticRoute> StaticRoutes { get; init; }

    public EquatableArray<Redistribution> Redistribute { get; init; }

    public NamedSets Sets { get; init; } = new();

    public EquatableArray<Named<PeerSettings>> PeerGroups { get; init; }

    public EquatableArray<Neighbor> Neighbors { get; init; }

    public EquatableArray<DynamicNeighbors> DynamicNeighbors { get; init; }

    public EquatableArray<Named<EquatableArray<RoutePolicyRule>>> Policies { get; init; }

    public FibSettings Fib { get; init; } = new();

    public ApiSettings Api { get; init; } = new();

    public TelemetrySettings Telemetry { get; init; } = new();

    public LogSettings Log { get; init; } = new();
}
