namespace Bgp.Config;

/// <summary>
/// The router file: text → document (with line and column) → schema tables → <see cref="RouterConfig"/>. Called at start, on reload and by <c>bgp check</c>.
/// Every fault is collected, never just the first, and a configuration with a fault is no configuration. The tables in <c>Tables/</c> have a row for each field, by which
/// it is read, checked, printed and described; what a build does not support yet is refused by the row's <c>Support</c>, never ignored.
/// </summary>
public static class RouterConfigFile
{
    /// <summary>Reads a file. That it cannot be read is a fault without a line.</summary>
    public static ConfigResult Load(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new ConfigResult(null, [new ConfigFault(path, 0, 0, "", FileWords.WhyUnread(path, exception))]);
        }

        return Parse(text, path);
    }

    /// <summary>Reads a file's text.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="fileName">For the faults; names of other files in the text are relative to its folder.</param>
    public static ConfigResult Parse(string text, string fileName)
    {
        var faults = new FaultList(fileName);
        var config = Bind(DocumentReader.Read(text, faults), new BindContext(faults, Path.GetDirectoryName(fileName) ?? ""));
        return faults.Count == 0 ? new ConfigResult(config, []) : new ConfigResult(null, faults.InOrder());
    }

    private static RouterConfig? Bind(ConfigNode? root, BindContext context)
    {
        if (root is null)
        {
            return null;
        }

        if (root is not MapNode map)
        {
            context.Faults.Add(root, $"is {root.Noun}; write a map that begins with router: {{asn: NUMBER}}");
            return null;
        }

        if (map.Find("router") is null)
        {
            // So that the fault names the field that is really needed.
            map = new MapNode(map.At, "", map.Entries.Add(new MapEntry("router", map.At, new MapNode(map.At, "router", []))));
        }

        RootTable.Table.TryBind(RootTable.Table.Defaults, map, context, out var config);
        RootTable.Check(config, map, context);
        RootTable.CheckNames(map, context);
        return config;
    }
}
