namespace Bgp.Engine;

/// <summary>Why a walk feeds its members.</summary>
internal enum CatchUpKind : byte
{
    /// <summary>New members: all routes, then End-of-RIB.</summary>
    Join,

    /// <summary>A member asked for all routes again.</summary>
    Refresh,

    /// <summary>A member came from another group: all routes, and a withdrawal of what this group is not sent.</summary>
    Move,

    /// <summary>A member fell behind: the present state of what changed since.</summary>
    Slow,
}

/// <summary>
/// Members of a group that are brought up to date apart from its log: by a log of their own, filled from the group's Adj-RIB-Out. While it runs, changes of the group are bits in a map and not
/// bytes in a queue, so that a member costs the same memory however far it is behind. When the map is empty the members go over to the group's log, all at one sequence number.
/// </summary>
internal sealed class CatchUp(UpdateGroup group, CatchUpKind kind, OutputSegmentPool pool) : IDisposable
{
    private readonly IndexBitmap _changed = new();

    public UpdateGroup Group { get; } = group;

    public CatchUpKind Kind { get; } = kind;

    public OutputLog Log { get; } = new(pool);

    public List<GroupMember> Members { get; } = [];

    /// <summary>Where the first pass over all destinations stands; it does not run for <see cref="CatchUpKind.Slow"/>.</summary>
    public uint Cursor { get; set; } = 1;

    public bool IsFirstPassDone { get; set; } = kind == CatchUpKind.Slow;

    public bool HasStarted { get; set; } = kind == CatchUpKind.Slow;

    /// <summary>The member has been handed over: the walk waits only for its log to be read.</summary>
    public bool IsDone { get; set; }

    /// <summary>Bytes were appended to its log since its members were last woken.</summary>
    public bool HasNews { get; set; }

    public IndexBitmap Changed => _changed;

    /// <summary>The group's route of a destination changed.</summary>
    public void Mark(uint index)
    {
        // What the first pass has not reached yet it will meet in its new state, and a joiner has nothing from before; other members must hear of a withdrawal.
        if (!IsDone && (Kind != CatchUpKind.Join || IsFirstPassDone || index < Cursor))
        {
            _changed.Add(index);
        }
    }

    /// <summary>Whether the members have still to be told of the destination, so that it must not be freed: a change waits, or a mover may have it from the group that it left.</summary>
    public bool Needs(uint index) => !IsDone && (_changed.Contains(index) || (Kind == CatchUpKind.Move && !IsFirstPassDone && index >= Cursor));

    public void Dispose()
    {
        _changed.Dispose();
        Log.Release();
    }
}
