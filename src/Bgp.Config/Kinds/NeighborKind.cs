namespace Bgp.Config;

/// <summary>A neighbor: its own fields over its group's. What is printed is what differs from the group.</summary>
internal sealed class NeighborKind : ValueKind<Neighbor>
{
    public override string Expects => "a map with address, asn and the other fields of a neighbor";

    public override bool TryRead(ConfigNode node, BindContext context, out Neighbor value)
    {
        value = NeighborTable.Table.Defaults;
        if (node is not MapNode map)
        {
            context.Faults.Add(node, $"is {node.Noun}; write {Expects}");
            return false;
        }

        var before = context.Faults.Count;
        var start = NeighborTable.Table.Defaults;
        if (map.Find("group") is ScalarNode { IsNull: false } group)
        {
            if (context.Groups.TryGetValue(group.Text, out var settings))
            {
                start = start with { Settings = DropInheritedKey(settings, map) };
            }
            else
            {
                var near = Spelling.Nearest(group.Text, context.Groups.Keys);
                context.Faults.Add(group, $"is {group.Noun}, which peerGroups does not define; {(near is null ? "define it there or leave it out" : $"did you mean '{near}'?")}");
            }
        }

        NeighborTable.Table.TryBind(start, map, context, out value);
        var fields = new PeerFields(map, context);
        context.Neighbors.Add((value, fields));
        NeighborTable.Check(value, fields, context);
        return context.Faults.Count == before;
    }

    public override ConfigNode Write(Neighbor value, WriteContext context)
    {
        var baseline = value.Group is { } group && context.Groups.TryGetValue(group, out var settings)
            ? NeighborTable.Table.Defaults with { Settings = settings }
            : NeighborTable.Table.Defaults;
        return MapNode.Of(NeighborTable.Table.Write(value, baseline, context));
    }

    public override IEnumerable<SchemaRow> Describe(string path) => NeighborTable.Table.Describe(path);

    /// <summary>A neighbor's own key, in whichever form, stands instead of its group's in the other form.</summary>
    private static PeerSettings DropInheritedKey(PeerSettings settings, MapNode map) =>
        map.Find("password") is { IsNull: false } ? settings with { PasswordFile = null }
        : map.Find("passwordFile") is { IsNull: false } ? settings with { Password = null }
        : settings;
}
