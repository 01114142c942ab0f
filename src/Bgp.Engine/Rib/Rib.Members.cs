namespace Bgp.Engine;

/// <summary>Sessions in and out of update groups: who reads which log, and what is freed when nobody does.</summary>
internal sealed partial class Rib<TBits>
{
    public override void PeerUp(PeerSlot slot, PeerFamily family, in UpdateGroupKey key)
    {
        var group = GroupOf(key);
        var member = new GroupMember(slot);
        var catchUp = JoinableCatchUp(group);
        catchUp.Members.Add(member);
        member.CatchUp = catchUp;
        group.Members.Add(member);
        _context.Effects.Add(new EngineEffect(EngineEffectKind.Attach)
        {
            Peer = slot.Peer,
            Generation = slot.Generation,
            Cursor = member.Open(catchUp.Log, Family),
        });
    }

    public override void Regroup(PeerSlot slot, in UpdateGroupKey key)
    {
        var (old, member) = Find(slot.Number);
        if (old is null || member is null || old.Key == key)
        {
            return;
        }

        // What a member that a walk was feeding has been told is in no group's Adj-RIB-Out.
        var from = member.CatchUp is null ? old : null;
        var group = GroupOf(key);
        Detach(old, member);
        group.Members.Add(member);
        Feed(member, from is null ? AddCatchUp(group, CatchUpKind.Move) : JoinableMove(group, from));
        DissolveIfEmpty(old);
    }

    public override void PeerDown(PeerSlot slot, PeerFamily family)
    {
        var (group, member) = Find(slot.Number);
        if (group is not null && member is not null)
        {
            Detach(group, member);
            group.Leaving.Add(member);
            Settle(group);
        }

        Walk(RibWalkKind.Purge, slot.Number);
    }

    public override void Refresh(PeerSlot slot)
    {
        var (group, member) = Find(slot.Number);
        if (group is null || member is null)
        {
            return;
        }

        if (member.CatchUp is not null)
        {
            member.WantsRefresh = true;
        }
        else
        {
            FeedApart(group, member, CatchUpKind.Refresh);
        }
    }

    public override void Sent(OutputCursor cursor)
    {
        cursor.Reader?.Progress();
        SettleAll();
    }

    public override int AdvertisedTo(PeerSlot slot)
    {
        var (group, _) = Find(slot.Number);
        return group?.EntriesFor(slot) ?? 0;
    }

    public override bool Knows(ushort slot) =>
        _groups.Exists(group => group.Members.Exists(member => member.Slot.Number == slot) || group.Leaving.Exists(member => member.Slot.Number == slot));

    private UpdateGroup GroupOf(in UpdateGroupKey key)
    {
        foreach (var candidate in _groups)
        {
            if (candidate.Key == key)
            {
                return candidate;
            }
        }

        var group = new UpdateGroup(key, Family, _context);
        _groups.Add(group);
        _looksAtAll |= group.LooksAtAllPaths;
        _isDefaultDue |= key.DefaultRoute is not null;
        return group;
    }

    private (UpdateGroup? Group, GroupMember? Member) Find(ushort slot)
    {
        foreach (var group in _groups)
        {
            var member = group.Members.Find(candidate => candidate.Slot.Number == slot);
            if (member is not null)
            {
                return (group, member);
            }
        }

        return default;
    }

    /// <summary>The walk for new members: one that has not started yet, else a new one.</summary>
    private CatchUp JoinableCatchUp(UpdateGroup group)
    {
        var waiting = group.CatchUps.Find(catchUp => catchUp is { Kind: CatchUpKind.Join, HasStarted: false });
        return waiting ?? AddCatchUp(group, CatchUpKind.Join);
    }

    private CatchUp AddCatchUp(UpdateGroup group, CatchUpKind kind)
    {
        var catchUp = new CatchUp(group, kind, _context.Buffers);
        group.CatchUps.Add(catchUp);
        return catchUp;
    }

    /// <summary>The walk for members that come from one group to another: a reload moves many at once.</summary>
    private CatchUp JoinableMove(UpdateGroup group, UpdateGroup from)
    {
        if (group.CatchUps.Find(catchUp => catchUp.From == from && catchUp is { HasStarted: false, IsDone: false }) is { } waiting)
        {
            return waiting;
        }

        var added = new CatchUp(group, CatchUpKind.Move, _context.Buffers) { From = from };
        group.CatchUps.Add(added);
        from.Movers.Add(added);
        return added;
    }

    private void FeedApart(UpdateGroup group, GroupMember member, CatchUpKind kind) => Feed(member, AddCatchUp(group, kind));

    private static void Feed(GroupMember member, CatchUp catchUp)
    {
        catchUp.Members.Add(member);
        member.CatchUp = catchUp;
        member.HandOver(catchUp.Log);
    }

    private void Detach(UpdateGroup group, GroupMember member)
    {
        group.Members.Remove(member);
        if (member.CatchUp is { } catchUp)
        {
            catchUp.Members.Remove(member);
            member.CatchUp = null;
            if (catchUp.Members.Count == 0 && catchUp.Kind != CatchUpKind.Join)
            {
                // Nobody is fed any more: what its map kept from being freed is looked at again.
                catchUp.IsDone = true;
                _walks.AddLast(new RibWalk(RibWalkKind.Reap));
            }
        }
    }

    private void SettleAll()
    {
        for (var at = _groups.Count - 1; at >= 0; at--)
        {
            Settle(_groups[at]);
        }
    }

    /// <summary>Frees what nobody reads any more: members that have left, catch-ups that are over, the group itself.</summary>
    private void Settle(UpdateGroup group)
    {
        if (group.Leaving.Count > 0)
        {
            group.Leaving.RemoveAll(static member => member.IsGone);
        }

        for (var at = group.CatchUps.Count - 1; at >= 0; at--)
        {
            var catchUp = group.CatchUps[at];
            if (catchUp.IsDone && catchUp.Log.Users == 0)
            {
                group.CatchUps.RemoveAt(at);
                catchUp.Dispose();
            }
        }

        DissolveIfEmpty(group);
    }

    private void DissolveIfEmpty(UpdateGroup group)
    {
        group.Movers.RemoveAll(static move => move.IsFirstPassDone || move.IsDone);
        if (group.Members.Count > 0 || group.Leaving.Count > 0 || group.Movers.Count > 0)
        {
            return;
        }

        if (group.Log.Users == 0 && !group.CatchUps.Exists(static catchUp => catchUp.Log.Users > 0) && _groups.Remove(group))
        {
            _looksAtAll = _groups.Exists(static candidate => candidate.LooksAtAllPaths);
            _walks.AddLast(new RibWalk(RibWalkKind.Dissolve) { Group = group });
        }
    }

    /// <summary>Tells the transport of new bytes, and takes members out of the log that have fallen too far behind.</summary>
    private void WakeMembers()
    {
        foreach (var group in _groups)
        {
            WakeCatchingUp(group);
            if (!group.HasNews)
            {
                continue;
            }

            group.HasNews = false;
            foreach (var member in group.Members)
            {
                Wake(member);
                if (member.CatchUp is null && member.LagIn(group.Log) > _context.Limits.MemberLagBytes)
                {
                    FeedApart(group, member, CatchUpKind.Slow);
                }
            }
        }
    }

    // What one walk wrote concerns its members only: a mesh that comes up would wake everybody for each joiner.
    private void WakeCatchingUp(UpdateGroup group)
    {
        foreach (var catchUp in group.CatchUps)
        {
            if (catchUp.HasNews)
            {
                catchUp.HasNews = false;
                catchUp.Members.ForEach(Wake);
            }
        }
    }

    private void Wake(GroupMember member) =>
        _context.Effects.Add(new EngineEffect(EngineEffectKind.Wake) { Peer = member.Slot.Peer, Generation = member.Slot.Generation });
}
