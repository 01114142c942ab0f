using System.Collections.Immutable;

namespace Bgp.Config;

/// <summary>
/// What a reload from one configuration to another does, before it is done. In: two valid configurations. Out: each neighbor that is added, removed, reset, refreshed
/// or changed without effect, with the fields that do it, and what changes for the router as a whole. The fields and what they do are the schema's: a new field needs
/// no code here. Neighbors are compared as they take effect, so that another way of saying the same is no change.
/// </summary>
/// <param name="Router">Changes outside of neighbors, by path from the root; groups count as their neighbors' own.</param>
/// <param name="Neighbors">The neighbors with a change: removed ones first, then in the order of the wanted file.</param>
/// <param name="Unchanged">How many neighbors have none.</param>
public sealed record ConfigDifference(EquatableArray<FieldChange> Router, EquatableArray<NeighborDifference> Neighbors, int Unchanged)
{
    /// <summary>Whose change is told with the neighbors.</summary>
    private static readonly ImmutableArray<string> WithNeighbors = ["neighbors", "peerGroups"];

    private const string OwnAsn = "router.asn";

    /// <summary>Compares the configuration in force with another one.</summary>
    /// <param name="running">What is in force.</param>
    /// <param name="wanted">What is to be.</param>
    /// <param name="facts">What the running daemon took where the files leave it to the host.</param>
    public static ConfigDifference Of(RouterConfig running, RouterConfig wanted, HostFacts facts)
    {
        var router = RootTable.Table.Fields
            .Where(static field => !WithNeighbors.Contains(field.Name))
            .SelectMany(field => field.Changes("", Settle(running, facts), Settle(wanted, facts)))
            .ToEquatableArray();

        // Our AS number is a neighbor's own setting, where it does not give another one.
        var common = router.Items.Where(static change => change.Effect == ReloadClass.Reset && change.Field != OwnAsn).ToImmutableArray();
        var policies = ChangesOfPolicies(wanted, [.. router.Items.Select(static change => change.Field)]);
        var before = running.Neighbors.Items.ToDictionary(static neighbor => neighbor.Identity, StringComparer.Ordinal);
        var stay = wanted.Neighbors.Items.Select(static neighbor => neighbor.Identity).ToHashSet(StringComparer.Ordinal);
        var told = running.Neighbors.Items.Where(old => !stay.Contains(old.Identity)).Select(static old => Tell(old, NeighborEffect.Removed, [])).ToList();
        var unchanged = 0;
        foreach (var neighbor in wanted.Neighbors.Items)
        {
            if (!before.TryGetValue(neighbor.Identity, out var old))
            {
                told.Add(Tell(neighbor, NeighborEffect.Added, []));
                continue;
            }

            var after = EffectiveSettings.Of(neighbor, wanted.Router);
            var changes = NeighborTable.Table.Changes("", EffectiveSettings.Of(old, running.Router), after)
                .Select(change => EffectiveSettings.AsWritten(change, old, neighbor))
                .Concat(common)
                .Concat(PoliciesOf(after).SelectMany(name => policies.GetValueOrDefault(name, [])))
                .Distinct()
                .ToEquatableArray();
            if (changes.Count == 0)
            {
                unchanged++;
            }
            else
            {
                told.Add(Tell(neighbor, Strongest(changes), changes));
            }
        }

        return new ConfigDifference(router, told.ToEquatableArray(), unchanged);
    }

    /// <summary>With what the running host gave where the file left it open.</summary>
    private static RouterConfig Settle(RouterConfig config, HostFacts facts)
    {
        var routerId = config.Router.RouterId ?? facts.RouterId;
        return config with { Router = config.Router with { RouterId = routerId, ClusterId = config.Router.ClusterId ?? routerId } };
    }

    /// <summary>The changes behind each policy that acts otherwise: its own, and those of the sets that it names.</summary>
    private static Dictionary<string, ImmutableArray<FieldChange>> ChangesOfPolicies(RouterConfig wanted, HashSet<string> changed) => wanted.Policies.Items.ToDictionary(
        static policy => policy.Name,
        policy => NamesUsed.By(policy).Append($"policies.{policy.Name}").Where(changed.Contains).Select(static name => new FieldChange(name, ReloadClass.Refresh)).ToImmutableArray(),
        StringComparer.Ordinal);

    private static IEnumerable<string> PoliciesOf(Neighbor effective) => (effective.Settings.Families ?? [])
        .SelectMany(static family => (family.ImportPolicy ?? []).Concat(family.ExportPolicy ?? []))
        .Distinct(StringComparer.Ordinal);

    private static NeighborEffect Strongest(EquatableArray<FieldChange> changes) =>
        changes.Items.Any(static change => change.Effect == ReloadClass.Reset) ? NeighborEffect.Reset
        : changes.Items.Any(static change => change.Effect == ReloadClass.Refresh) ? NeighborEffect.Refresh
        : NeighborEffect.Nothing;

    private static NeighborDifference Tell(Neighbor neighbor, NeighborEffect effect, EquatableArray<FieldChange> fields) =>
        new(neighbor.Address?.ToString() ?? neighbor.Interface ?? "", neighbor.Settings.Port, effect, fields);
}
