namespace Bgp.Config;

/// <summary>Where the fields of a neighbor or a range come from, its own map or its group's, and so which of them could be read.</summary>
/// <param name="map">Its own map.</param>
/// <param name="context">Of the file.</param>
internal sealed class PeerFields(MapNode map, BindContext context)
{
    public MapNode Map => map;

    /// <summary>Whether the values of all these fields are known, given or not.</summary>
    public bool AreSound(params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (!IsSound(field))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds a fault of a field that does not go with others, if it and all of them could be read.</summary>
    public void Report(string field, string message, params ReadOnlySpan<string> others)
    {
        if (IsSound(field) && AreSound(others))
        {
            context.Faults.AddBeside((map.Find(field) ?? map).At, ConfigNode.Join(map.Path, field), message);
        }
    }

    private bool IsSound(string field) => context.Faults.IsSound(ConfigNode.Join(map.Path, field)) && (map.Find(field) is not null || IsSoundInGroup(field));

    private bool IsSoundInGroup(string field) => map.Find("group") is not { } group
        || (context.Faults.IsSound(group.Path) && (group is not ScalarNode { IsNull: false } name || context.Faults.IsSound($"peerGroups.{name.Text}.{field}")));
}
