namespace Bgp.Config;

/// <summary>
/// Fields that are part of the schema but that this build neither acts on nor takes apart, as JSON, by name. Empty in every configuration
/// that was read.
/// </summary>
public sealed record PendingValues
{
    public EquatableArray<Named<string>> Fields { get; init; }

    /// <summary>The field's JSON, or <c>null</c>.</summary>
    public string? Find(string name)
    {
        foreach (var field in Fields)
        {
            if (string.Equals(field.Name, name, StringComparison.Ordinal))
            {
                return field.Value;
            }
        }

        return null;
    }

    /// <summary>The same with one field set, or removed by <c>null</c>.</summary>
    public PendingValues With(string name, string? json)
    {
        var others = Fields.Items.Where(field => !string.Equals(field.Name, name, StringComparison.Ordinal));
        return new PendingValues
        {
            Fields = (json is null ? others : others.Append(new Named<string>(name, json))).OrderBy(static field => field.Name, StringComparer.Ordinal).ToEquatableArray(),
        };
    }
}
