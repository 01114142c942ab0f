namespace Bgp.Engine;

/// <summary>Why a walk feeds its members.</summary>
internal enum CatchUpKind : byte
{
    /// <summary>New members: all routes, then End-of-RIB.</summary>
    Join,

    /// <summary>A member asked for all routes again.</summary>
    Refresh,

    /// <summary>Members came from another group: the difference between what the two groups are sent.</summary>
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
    private readonly IndexBitmap _doubtful = new();

    public UpdateGroup Group { get; } = group;

    public CatchUpKind Kind { get; } = kind;

    public OutputLog Log { get; } = new(pool);

    public List<GroupMember> Members { get; } = [];

    /// <summary>
    /// <see cref="CatchUpKind.Move"/>: the group that the members came from, whose Adj-RIB-Out says what they have of each destination that the first pass has not reached and that did not change there
    /// since (<see cref="IsInDoubt"/>). <c>null</c> where that is not known: then they are told everything.
    /// </summary>
    public UpdateGroup? From { get; init; }

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
        // What the first pass has not reached yet it will meet in its new state. A joiner has nothing from before, and movers are told of what is gone; other members must hear of a withdrawal.
        if (!IsDone && (Kind is not (CatchUpKind.Join or CatchUpKind.Move) || IsFirstPassDone || index < Cursor))
        {
            _changed.Add(index);
        }
    }

    /// <summary>The members are no longer told of a destination by the group that they came from: its entry there says no more what they have.</summary>
    public void Doubt(uint index)
    {
        if (!IsFirstPassDone && index >= Cursor)
        {
            _doubtful.Add(index);
        }
    }

    public bool IsInDoubt(uint index) => _doubtful.Contains(index);

    /// <summary>Whether the members have still to be told of the destination, so that it must not be freed: a change waits, or a mover may have it from the group that it left.</summary>
    public bool Needs(uint index) => !IsDone && (_changed.Contains(index) || (Kind == CatchUpKind.Move && !IsFirstPassDone && index >= Cursor));

    public void Dispose()
    {
        _changed.Dispose();
        _doubtful.Dispose();
        Log.Release();
    }
}
