using System.Diagnostics.CodeAnalysis;

namespace Bgp.Config;

/// <summary>
/// A row of a schema table: one field of the record <typeparamref name="TRecord"/>. Everything that reads, checks, prints or describes a
/// field goes by its row.
/// </summary>
internal abstract class Field<TRecord>(string name)
{
    public string Name { get; } = name;

    /// <summary>Must be given; there is no default.</summary>
    public bool Required { get; init; }

    public required ReloadClass Reload { get; init; }

    /// <summary>What it means, for the reference.</summary>
    public required string Summary { get; init; }

    /// <summary>What stands in the reference as default where the printed default says too little; else <c>null</c>.</summary>
    public string? DefaultText { get; init; }

    public Support Support { get; init; }

    /// <summary>
    /// Reads the field from its node into the record; on faults the record is returned as it was, but for a part of a record or list that was read. What is not supported may only be as in
    /// <paramref name="defaults"/>.
    /// </summary>
    public abstract TRecord Bind(TRecord record, ConfigNode node, BindContext context, TRecord defaults);

    public abstract bool IsSame(TRecord left, TRecord right);

    /// <summary>What differs between two records, as deep as the fields inside say more than this one.</summary>
    public abstract IEnumerable<FieldChange> Changes(string path, TRecord left, TRecord right);

    public abstract ConfigNode Write(TRecord record, WriteContext context);

    public abstract IEnumerable<SchemaRow> Describe(string path, TRecord defaults);
}

/// <summary>A field with the kind of its values and the way in and out of the record.</summary>
internal sealed class Field<TRecord, TValue>(
    string name, ValueKind<TValue> kind, Func<TRecord, TValue> get, Func<TRecord, TValue, TRecord> with) : Field<TRecord>(name)
{
    /// <summary>For <see cref="Support.Partly"/>: whether this value is one that the build does not support yet.</summary>
    public Func<TValue, bool>? Refuses { get; init; }

    /// <summary>What the change from one value to another does where that hangs on the values; without it <see cref="Field{TRecord}.Reload"/>.</summary>
    public Func<TValue, TValue, ReloadClass>? ReloadBetween { get; init; }

    /// <summary>Whether the fields inside have rows of their own in the reference.</summary>
    public bool DescribesInside { get; init; } = true;

    public override TRecord Bind(TRecord record, ConfigNode node, BindContext context, TRecord defaults)
    {
        if (Support == Support.NotYet)
        {
            if (kind.TryRead(node, context.Scratch(), out var unused) && EqualityComparer<TValue>.Default.Equals(unused, get(defaults)))
            {
                return with(record, unused);
            }

            context.Faults.Add(node, "is not supported by this build yet; leave it out");
            return record;
        }

        if (!kind.TryRead(node, context, out var value))
        {
            return kind.KeepsParts ? with(record, value) : record;
        }

        if (Refuses is not null && Refuses(value))
        {
            context.Faults.Add(node, $"is {(node is ScalarNode ? node.Noun : YamlRenderer.Flow(node))}, which is not supported by this build yet");
            return record;
        }

        return with(record, value);
    }

    public override bool IsSame(TRecord left, TRecord right) => EqualityComparer<TValue>.Default.Equals(get(left), get(right));

    public override IEnumerable<FieldChange> Changes(string path, TRecord left, TRecord right) => IsSame(left, right)
        ? []
        : kind.Changes(ConfigNode.Join(path, Name), get(left), get(right), ReloadBetween?.Invoke(get(left), get(right)) ?? Reload);

    public override ConfigNode Write(TRecord record, WriteContext context) => kind.Write(get(record), context);

    public override IEnumerable<SchemaRow> Describe(string path, TRecord defaults)
    {
        var own = ConfigNode.Join(path, Name);
        var standard = DefaultText ?? (Required ? "required" : YamlRenderer.Flow(Write(defaults, WriteContext.Defaults with { All = true })));
        yield return new SchemaRow(own, kind.Expects, standard, Reload, Support, Summary);
        foreach (var row in DescribesInside ? kind.Describe(own) : [])
        {
            yield return row;
        }
    }
}

/// <summary>A field of a record that is part of a greater one, as a field of the greater one.</summary>
internal sealed class LiftedField<TRecord, TPart> : Field<TRecord>
{
    private readonly Field<TPart> _inner;
    private readonly Func<TRecord, TPart> _get;
    private readonly Func<TRecord, TPart, TRecord> _with;

    [SetsRequiredMembers]
    public LiftedField(Field<TPart> inner, Func<TRecord, TPart> get, Func<TRecord, TPart, TRecord> with)
        : base(inner.Name)
    {
        _inner = inner;
        _get = get;
        _with = with;
        Required = inner.Required;
        Reload = inner.Reload;
        Summary = inner.Summary;
        DefaultText = inner.DefaultText;
        Support = inner.Support;
    }

    public override TRecord Bind(TRecord record, ConfigNode node, BindContext context, TRecord defaults) =>
        _with(record, _inner.Bind(_get(record), node, context, _get(defaults)));

    public override bool IsSame(TRecord left, TRecord right) => _inner.IsSame(_get(left), _get(right));

    public override IEnumerable<FieldChange> Changes(string path, TRecord left, TRecord right) => _inner.Changes(path, _get(left), _get(right));

    public override ConfigNode Write(TRecord record, WriteContext context) => _inner.Write(_get(record), context);

    public override IEnumerable<SchemaRow> Describe(string path, TRecord defaults) => _inner.Describe(path, _get(defaults));
}
