namespace Bgp.Config;

/// <summary>A range of dynamic neighbors, with the settings of its group, which must be those of a whole neighbor.</summary>
internal sealed class DynamicNeighborsKind(SchemaTable<DynamicNeighbors> table) : ValueKind<DynamicNeighbors>
{
    private readonly RecordKind<DynamicNeighbors> _fields = new(table);

    public override string Expects => _fields.Expects;

    public override bool TryRead(ConfigNode node, BindContext context, out DynamicNeighbors value)
    {
        if (!_fields.TryRead(node, context, out value))
        {
            return false;
        }

        var map = (MapNode)node;
        if (!context.Groups.TryGetValue(value.Group, out var settings))
        {
            var near = Spelling.Nearest(value.Group, context.Groups.Keys);
            var group = map.Find("group") ?? map;
            context.Faults.Add(group, $"is {group.Noun}, which peerGroups does not define; {(near is null ? "define it there" : $"did you mean '{near}'?")}");
            return false;
        }

        var before = context.Faults.Count;
        value = value with { Settings = settings };
        NeighborTable.Check(value.AsNeighbor(), map, context);
        return context.Faults.Count == before;
    }

    public override ConfigNode Write(DynamicNeighbors value, WriteContext context) => _fields.Write(value, context);

    public override IEnumerable<SchemaRow> Describe(string path) => _fields.Describe(path);
}
