using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>
/// Families of a session: a list of names, or a map from the name to what holds for that family only. Kept with IPv4 first, whatever the
/// order in the file.
/// </summary>
internal sealed class FamiliesKind : ValueKind<EquatableArray<FamilySettings>>
{
    private static readonly ListKind<AddressFamily> Names = new(NetworkKinds.Family, static family => family.ToString());

    private static readonly SchemaTable<FamilySettings> Table = new(
        "a family",
        new FamilySettings(AddressFamily.Ipv4Unicast),
        [
            new Field<FamilySettings, MaxPrefixesSettings?>(
                "maxPrefixes", new OptionalKind<MaxPrefixesSettings>(new RecordKind<MaxPrefixesSettings>(PeerTable.MaxPrefixes)), f => f.MaxPrefixes, (f, v) => f with { MaxPrefixes = v })
            {
                Reload = ReloadClass.None, DescribesInside = false, DefaultText = "the neighbor's", Summary = "As `maxPrefixes` of the neighbor, for this family.",
            },
            new Field<FamilySettings, AddPathsSettings?>(
                "addPaths", new OptionalKind<AddPathsSettings>(new RecordKind<AddPathsSettings>(PeerTable.AddPaths)), f => f.AddPaths, (f, v) => f with { AddPaths = v })
            {
                Reload = ReloadClass.Reset, DescribesInside = false, DefaultText = "the neighbor's", Summary = "As `addPaths` of the neighbor, for this family.",
            },
            new Field<FamilySettings, EquatableArray<string>?>(
                "importPolicy", new OptionalValueKind<EquatableArray<string>>(CommonTables.PolicyNames), f => f.ImportPolicy, (f, v) => f with { ImportPolicy = v })
            {
                Reload = ReloadClass.Refresh, DefaultText = "the neighbor's", Summary = "Policies for received routes of this family.",
            },
            new Field<FamilySettings, EquatableArray<string>?>(
                "exportPolicy", new OptionalValueKind<EquatableArray<string>>(CommonTables.PolicyNames), f => f.ExportPolicy, (f, v) => f with { ExportPolicy = v })
            {
                Reload = ReloadClass.Refresh, DefaultText = "the neighbor's", Summary = "Policies for announced routes of this family.",
            },
        ]);

    public override string Expects => "a list of ipv4-unicast and ipv6-unicast, or a map from them to their settings";

    public override bool TryRead(ConfigNode node, BindContext context, out EquatableArray<FamilySettings> value)
    {
        value = [];
        var before = context.Faults.Count;
        switch (node)
        {
            case ListNode { Items.Length: > 0 }:
                if (Names.TryRead(node, context, out var names))
                {
                    value = names.Items.Order(FamilyOrder).Select(static family => new FamilySettings(family)).ToEquatableArray();
                }

                break;
            case MapNode { Entries.Length: > 0 } map:
                value = ReadMap(map, context);
                break;
            default:
                context.Faults.Add(node, $"is {(node is ScalarNode ? node.Noun : "empty")}; write {Expects}");
                break;
        }

        return context.Faults.Count == before;
    }

    public override ConfigNode Write(EquatableArray<FamilySettings> value, WriteContext context) => value.Items.All(static settings => settings == new FamilySettings(settings.Family))
        ? ListNode.Of(value.Items.Select(static settings => ScalarNode.String(settings.Family.ToString())))
        : MapNode.Of(value.Items.Select(settings => (settings.Family.ToString(), (ConfigNode)MapNode.Of(Table.Write(settings, Table.Defaults, context)))));

    /// <summary>The field itself where the families are others, and what their own fields say.</summary>
    public override IEnumerable<FieldChange> Changes(string path, EquatableArray<FamilySettings> left, EquatableArray<FamilySettings> right, ReloadClass own)
    {
        var pairs = left.Items.Join(right.Items, static settings => settings.Family, static settings => settings.Family, static (before, after) => (Before: before, After: after)).ToList();
        IEnumerable<FieldChange> whole = pairs.Count == left.Count && pairs.Count == right.Count ? [] : [new FieldChange(path, own)];
        return whole.Concat(pairs.SelectMany(pair => Table.Changes($"{path}.{pair.Before.Family}", pair.Before, pair.After)));
    }

    public override IEnumerable<SchemaRow> Describe(string path) => Table.Describe($"{path}.FAMILY");

    private static Comparer<AddressFamily> FamilyOrder => Comparer<AddressFamily>.Create(static (left, right) => (left.Afi, left.Safi).CompareTo((right.Afi, right.Safi)));

    private static EquatableArray<FamilySettings> ReadMap(MapNode map, BindContext context)
    {
        var read = new SortedDictionary<AddressFamily, FamilySettings>(FamilyOrder);
        foreach (var entry in map.Entries)
        {
            var key = new ScalarNode(entry.KeyAt, entry.Value.Path, entry.Key, ScalarForm.Text);
            if (!NetworkKinds.Family.TryRead(key, context, out var family))
            {
                continue;
            }

            var start = new FamilySettings(family);
            if (entry.Value.IsNull)
            {
                read[family] = start;
            }
            else if (entry.Value is not MapNode settings)
            {
                context.Faults.Add(entry.Value, $"is {entry.Value.Noun}; write a map ({string.Join(", ", Table.Fields.Select(static field => field.Name))})");
            }
            else if (Table.TryBind(start, settings, context, out var bound))
            {
                read[family] = bound;
            }
        }

        return read.Values.ToEquatableArray();
    }
}
