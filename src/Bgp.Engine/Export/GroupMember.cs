namespace Bgp.Engine;

/// <summary>
/// One session in an update group: its cursor, and which segments it keeps alive. A stage is one log that the cursor reads or will read; the first is the present one. The route lane decides
/// handovers, the transmitter passes them, and what it has passed is known when it reports.
/// </summary>
internal sealed class GroupMember(PeerSlot slot)
{
    private readonly List<Stage> _stages = [];
    private Handover _next = new();
    private int _passed;

    public PeerSlot Slot { get; } = slot;

    public OutputCursor Cursor { get; private set; } = null!;

    /// <summary>The walk that feeds the member; <c>null</c> when it reads the group's own log, or will at its next handover.</summary>
    public CatchUp? CatchUp { get; set; }

    /// <summary>A refresh was asked for while a walk was feeding the member: another walk follows.</summary>
    public bool WantsRefresh { get; set; }

    /// <summary>Whether the transport has closed the cursor and all that it kept alive is let go.</summary>
    public bool IsGone => _stages.Count == 0;

    /// <summary>Opens the cursor at the end of a log.</summary>
    public OutputCursor Open(OutputLog log, Bgp.Protocol.AddressFamily family)
    {
        Cursor = log.Open(family, Slot.Number, _next);
        Cursor.Reader = this;
        Enter(log);
        return Cursor;
    }

    /// <summary>When the cursor has read all of its present log's bytes up to now, it goes on at the present end of another one.</summary>
    public void HandOver(OutputLog to)
    {
        if (_stages.Count == 0)
        {
            return;
        }

        var last = _stages[^1];
        var following = new Handover();
        last.Log.Detach(last.Mark);
        _next.Decide(last.Log.End, to.EndAsTarget(following));
        _stages[^1] = last with { LeavesAt = last.Log.End };
        Enter(to);
        _next = following;
    }

    /// <summary>Reads the transmitter's report and lets go of segments that it has sent.</summary>
    public void Progress()
    {
        if (_stages.Count == 0)
        {
            return;
        }

        var (epoch, sequence) = Cursor.Sent;
        for (; _passed < epoch; _passed++)
        {
            Leave(_stages[0]);
            _stages.RemoveAt(0);
        }

        var present = _stages[0];
        _stages[0] = present with { Mark = present.Log.Move(present.Mark, sequence, present.LeavesAt is not null) };
        if (Cursor.IsClosed)
        {
            foreach (var stage in _stages)
            {
                Leave(stage);
            }

            _stages.Clear();
        }
    }

    /// <summary>Bytes of a log that wait for the member; −1 when it is not reading that log now.</summary>
    public long LagIn(OutputLog log) => _stages.Count == 1 && _stages[0].Log == log ? log.End - Cursor.Sent.Sequence : -1;

    private void Enter(OutputLog log)
    {
        log.Users++;
        _stages.Add(new Stage(log, log.Tail, null));
    }

    private static void Leave(in Stage stage)
    {
        stage.Log.Users--;
        stage.Log.Remove(stage.Mark, stage.LeavesAt);
    }

    /// <summary>A log, the segment from which on the cursor needs it, and where it leaves it (<c>null</c>: it follows).</summary>
    private readonly record struct Stage(OutputLog Log, OutputSegment Mark, long? LeavesAt);
}
