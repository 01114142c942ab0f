namespace Bgp.Config;

/// <summary>A range of dynamic neighbors, with the settings of its group, which must be those of a whole neighbor.</summary>
internal sealed class DynamicNeighborsKind(SchemaTable<DynamicNeighbors> table) : ValueKind<DynamicNeighbors>
{
    private readonly RecordKind<DynamicNeighbors> _fields = new(table);

    public override string Expects => _fields.Expects;

    public override bool TryRead(ConfigNode node, BindContext context, out DynamicNeighbors value)
    {
        var before = context.Faults.Count;
        _fields.TryRead(node, context, out value);
        if (node is not MapNode map || !context.Faults.IsSound($"{map.Path}.prefix") || !context.Faults.IsSound($"{map.Path}.group"))
        {
            return false;
        }

        if (!context.Groups.TryGetValue(value.Group, out var settings))
        {
            var near = Spelling.Nearest(value.Group, context.Groups.Keys);
            var group = map.Find("group") ?? map;
            context.Faults.Add(group, $"is {group.Noun}, which peerGroups does not define; {(near is null ? "define it there" : $"did you mean '{near}'?")}");
            return false;
        }

        value = value with { Settings = settings };
        var fields = new PeerFields(map, context);
        context.Ranges.Add((value, fields));
        NeighborTable.Check(value.AsNeighbor(), fields, context);
        return context.Faults.Count == before;
    }

    public override ConfigNode Write(DynamicNeighbors value, WriteContext context) => _fields.Write(value, context);

    public override IEnumerable<SchemaRow> Describe(string path) => _fields.Describe(path);
}
