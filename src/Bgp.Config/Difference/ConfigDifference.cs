using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>
/// What a reload from one configuration to another does, before it is done. In: two valid configurations. Out: each neighbor or range of dynamic neighbors that is added, removed, reset,
/// refreshed or changed without effect, with the fields that do it, and what changes for the router as a whole. The fields and what they do are the schema's: a new field needs
/// no code here. Neighbors are compared as they take effect, so that another way of saying the same is no change.
/// </summary>
/// <param name="Router">Changes outside of neighbors, by path from the root; groups count as their neighbors' own.</param>
/// <param name="Neighbors">The neighbors with a change: removed ones first, then in the order of the wanted file, ranges last.</param>
/// <param name="RefreshedByRouter">How many neighbors have none of their own, but are sent what a change of the router as a whole makes different.</param>
/// <param name="Unchanged">How many neighbors have none at all.</param>
public sealed record ConfigDifference(EquatableArray<FieldChange> Router, EquatableArray<NeighborDifference> Neighbors, int RefreshedByRouter, int Unchanged)
{
    /// <summary>Whose change is told with the neighbors.</summary>
    private static readonly ImmutableArray<string> WithNeighbors = ["neighbors", "peerGroups", "dynamicNeighbors"];

    private const string OwnAsn = "router.asn";
    private const string Confederation = "router.confederation";

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

        // Our AS number and how far our confederation goes are a neighbor's own settings.
        var ofConfederation = router.Items.Where(static change => change.Field.StartsWith(Confederation, StringComparison.Ordinal)).ToImmutableArray();
        var common = router.Items.Where(static change => change.Effect == ReloadClass.Reset && change.Field != OwnAsn).Except(ofConfederation).ToImmutableArray();
        var policies = ChangesOfPolicies(wanted, [.. router.Items.Select(static change => change.Field)]);
        var before = Sides(running).ToDictionary(static side => side.Identity, StringComparer.Ordinal);
        var stay = Sides(wanted).Select(static side => side.Identity).ToHashSet(StringComparer.Ordinal);
        var told = Sides(running).Where(old => !stay.Contains(old.Identity)).Select(static old => old.Tell(NeighborEffect.Removed, [])).ToList();
        var reach = new RouterReach(router, policies, running, wanted);
        var (refreshed, unchanged) = (0, 0);
        foreach (var side in Sides(wanted))
        {
            if (!before.TryGetValue(side.Identity, out var old))
            {
                told.Add(side.Tell(NeighborEffect.Added, []));
                continue;
            }

            var after = EffectiveSettings.Of(side.Neighbor, wanted.Router);
            var changes = NeighborTable.Table.Changes("", EffectiveSettings.Of(old.Neighbor, running.Router), after)
                .Select(change => EffectiveSettings.AsWritten(change, old.Neighbor, side.Neighbor))
                .Where(change => change.Field != OwnAsn || running.Router.Asn != wanted.Router.Asn)
                .Concat(side.ChangesOfRange(old))
                .Concat(Standing(old.Neighbor, running.Router) != Standing(side.Neighbor, wanted.Router) ? ofConfederation : [])
                .Concat(common)
                .Concat(PoliciesOf(after).SelectMany(name => policies.GetValueOrDefault(name, [])))
                .Distinct()
                .ToEquatableArray();
            var passedOn = reach.Of(side.Neighbor).ToImmutableArray();
            if (changes.Count > 0)
            {
                changes = changes.Items.Union(passedOn).ToEquatableArray();
                told.Add(side.Tell(Strongest(changes), changes));
            }
            else if (side.Range is null)
            {
                refreshed += passedOn.IsEmpty ? 0 : 1;
                unchanged += passedOn.IsEmpty ? 1 : 0;
            }
        }

        return new ConfigDifference(router, told.ToEquatableArray(), refreshed, unchanged);
    }

    private static IEnumerable<Side> Sides(RouterConfig config) =>
        config.Neighbors.Items.Select(static neighbor => new Side(neighbor, null)).Concat(config.DynamicNeighbors.Items.Select(static range => new Side(range.AsNeighbor(), range)));

    /// <summary>Where the router's section puts the neighbor.</summary>
    private static (Asn LocalAsn, bool IsMember) Standing(Neighbor neighbor, RouterSettings router) =>
        (ConfederationMapping.LocalAsn(neighbor.Settings, router), ConfederationMapping.IsMember(neighbor.Settings, router));

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

    /// <summary>A neighbor of one of the files, or a range whose neighbors are all alike.</summary>
    private sealed record Side(Neighbor Neighbor, DynamicNeighbors? Range)
    {
        public string Identity => Range is null ? Neighbor.Identity : $"range {Range.Prefix}";

        public NeighborDifference Tell(NeighborEffect effect, EquatableArray<FieldChange> fields) => new(
            Range?.Prefix.ToString() ?? Neighbor.Address?.ToString() ?? Neighbor.Interface ?? "", Neighbor.Settings.Port, effect, fields, Range is not null);

        /// <summary>What is the range's own, and no neighbor's.</summary>
        public IEnumerable<FieldChange> ChangesOfRange(Side before) => Range is null || before.Range is null || Range.Limit == before.Range.Limit
            ? []
            : NeighborTable.DynamicTable.Changes("", before.Range, before.Range with { Limit = Range.Limit });
    }
}
