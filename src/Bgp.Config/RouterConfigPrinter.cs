namespace Bgp.Config;

/// <summary>
/// Prints a configuration so that reading it back gives the same one, but for secrets, which are never printed: <c>password: &lt;secret&gt;</c> is refused when read.
/// Fields come in the order of the schema.
/// </summary>
public static class RouterConfigPrinter
{
    /// <summary>As YAML.</summary>
    /// <param name="config">What to print.</param>
    /// <param name="all">Every field, and not only those that differ from their default or, in a neighbor, from its group.</param>
    public static string ToYaml(RouterConfig config, bool all = false) => YamlRenderer.Render(ToDocument(config, all));

    /// <summary>As JSON, indented.</summary>
    /// <inheritdoc cref="ToYaml"/>
    public static string ToJson(RouterConfig config, bool all = false) => JsonRenderer.Render(ToDocument(config, all));

    private static MapNode ToDocument(RouterConfig config, bool all)
    {
        var groups = new Dictionary<string, PeerSettings>(StringComparer.Ordinal);
        foreach (var group in config.PeerGroups)
        {
            groups[group.Name] = group.Value;
        }

        return MapNode.Of(RootTable.Table.Write(config, RootTable.Table.Defaults, new WriteContext(all, groups)));
    }
}
