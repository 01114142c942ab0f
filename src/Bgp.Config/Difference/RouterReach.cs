using System.Collections.Immutable;

namespace Bgp.Config;

/// <summary>Which neighbors a change of the router as a whole reaches: their routes are evaluated again, and they are sent the difference.</summary>
internal sealed class RouterReach
{
    private static readonly ImmutableArray<string> Sources = ["networks", "aggregates", "staticRoutes", "redistribute"];

    private readonly ImmutableArray<FieldChange> _all;
    private readonly ImmutableArray<FieldChange> _internal;
    private readonly ImmutableArray<FieldChange> _external;
    private readonly RouterSettings _router;

    /// <param name="changes">Of the router as a whole.</param>
    /// <param name="policies">The changes behind each policy that acts otherwise.</param>
    /// <param name="running">What is in force.</param>
    /// <param name="wanted">What is to be.</param>
    public RouterReach(EquatableArray<FieldChange> changes, Dictionary<string, ImmutableArray<FieldChange>> policies, RouterConfig running, RouterConfig wanted)
    {
        _router = wanted.Router;
        var refreshing = changes.Items.Where(static change => change.Effect == ReloadClass.Refresh).ToImmutableArray();
        var ofPolicies = PoliciesOfSources(wanted).SelectMany(name => policies.GetValueOrDefault(name, [])).Distinct();
        _all = [.. refreshing.Where(static change => IsForAll(change.Field)), .. ofPolicies];
        _internal = HasClient(running) || HasClient(wanted) ? [.. refreshing.Where(static change => change.Field is "router.clusterId" or "router.clientToClient")] : [];
        _external = [.. refreshing.Where(static change => change.Field == "router.ebgpRequiresPolicy")];
    }

    /// <summary>The changes that reach a neighbor.</summary>
    public IEnumerable<FieldChange> Of(Neighbor neighbor)
    {
        var isInternal = neighbor.Settings.Asn == RemoteAs.Internal || neighbor.Settings.Asn == RemoteAs.Of(_router.Asn);
        return _all.Concat(isInternal ? _internal : _external);
    }

    /// <summary>What other routers see; how many paths share our own traffic they do not.</summary>
    private static bool IsForAll(string field) =>
        Sources.Contains(field) || field == "router.defaultLocalPref" || field.StartsWith("router.bestPath", StringComparison.Ordinal);

    private static bool HasClient(RouterConfig config) =>
        config.Neighbors.Items.Any(static neighbor => neighbor.Settings.RouteReflectorClient) || config.DynamicNeighbors.Items.Any(static range => range.Settings.RouteReflectorClient);

    private static IEnumerable<string> PoliciesOfSources(RouterConfig config) =>
        config.Redistribute.Items.Select(static source => source.Policy).Concat(config.Aggregates.Items.Select(static aggregate => aggregate.Policy)).OfType<string>();
}
