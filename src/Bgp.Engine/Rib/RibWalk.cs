namespace Bgp.Engine;

/// <summary>What a walk does at each destination.</summary>
internal enum RibWalkKind : byte
{
    /// <summary>Removes the paths of sessions that are over; sessions that end at the same time share it.</summary>
    Purge,

    /// <summary>Removes the paths of a session that its refresh did not bring again (RFC 7313).</summary>
    SweepRefresh,

    /// <summary>Judges the paths of a session by its new loop checks and import policy.</summary>
    Reimport,

    /// <summary>Exports again what a session has paths of.</summary>
    Reexport,

    /// <summary>Decides again where these next hops are used, or everywhere.</summary>
    Redecide,

    /// <summary>Lets go of a dissolved group's entries.</summary>
    Dissolve,

    /// <summary>Frees destinations that only an abandoned catch-up's map kept.</summary>
    Reap,

    /// <summary>Asks every route whether it contributes to aggregates that are new or other ones.</summary>
    Contribute,
}

/// <summary>Work over all destinations that stops after a bounded number of them and goes on at <see cref="Cursor"/>.</summary>
internal sealed class RibWalk(RibWalkKind kind)
{
    public RibWalkKind Kind { get; } = kind;

    public uint Cursor { get; set; } = 1;

    /// <summary>The sessions whose paths it is about.</summary>
    public HashSet<ushort> Slots { get; } = [];

    /// <summary>The next hops that it is about; <c>null</c>: all.</summary>
    public HashSet<int>? NextHops { get; init; }

    /// <summary>The refresh numbers of paths that a refresh did not bring again, a bit each.</summary>
    public int StaleEpochs { get; set; }

    public UpdateGroup? Group { get; init; }

    /// <summary>The aggregates whose contributors it looks for.</summary>
    public List<Aggregate> Aggregates { get; } = [];
}
