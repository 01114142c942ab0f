using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Sessions in and out of update groups, and the walks that bring members up to date apart from their group's log: joiners (fed together by one walk), refreshes, and members that fell behind.
/// </summary>
internal sealed partial class Rib<TBits>
{
    private readonly List<OutChange> _catchUpChanges = [];
    private readonly List<uint> _freeable = [];

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

        var group = GroupOf(key);
        Detach(old, member);
        group.Members.Add(member);
        FeedApart(group, member, CatchUpKind.Move);
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

        Purge(slot.Number);
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
        foreach (var group in _groups)
        {
            if ((Reader(group.Members, cursor) ?? Reader(group.Leaving, cursor)) is { } member)
            {
                member.Progress();
                SettleAll();
                return;
            }
        }
    }

    public override int AdvertisedTo(PeerSlot slot)
    {
        var (group, _) = Find(slot.Number);
        return group?.EntriesFor(slot.Number) ?? 0;
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

        var group = new UpdateGroup(key, Family, _context.Buffers);
        _groups.Add(group);
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

    private void FeedApart(UpdateGroup group, GroupMember member, CatchUpKind kind)
    {
        var catchUp = AddCatchUp(group, kind);
        catchUp.Members.Add(member);
        member.CatchUp = catchUp;
        member.HandOver(catchUp.Log);
    }

    private static void Detach(UpdateGroup group, GroupMember member)
    {
        group.Members.Remove(member);
        if (member.CatchUp is { } catchUp)
        {
            catchUp.Members.Remove(member);
            member.CatchUp = null;
            if (catchUp.Members.Count == 0 && catchUp.Kind != CatchUpKind.Join)
            {
                catchUp.IsDone = true;
            }
        }
    }

    private static GroupMember? Reader(List<GroupMember> members, OutputCursor cursor)
    {
        foreach (var member in members)
        {
            if (member.Cursor == cursor)
            {
                return member;
            }
        }

        return null;
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
            if (catchUp.IsDone && !AnyoneUses(catchUp.Log))
            {
                group.CatchUps.RemoveAt(at);
                catchUp.Dispose();
            }
        }

        DissolveIfEmpty(group);
    }

    private bool AnyoneUses(OutputLog log) => _groups.Exists(group => group.Members.Exists(member => member.Uses(log)) || group.Leaving.Exists(member => member.Uses(log)));

    private void DissolveIfEmpty(UpdateGroup group)
    {
        if (group.Members.Count > 0 || group.Leaving.Count > 0)
        {
            return;
        }

        if (!AnyoneUses(group.Log) && !group.CatchUps.Exists(catchUp => AnyoneUses(catchUp.Log)) && _groups.Remove(group))
        {
            _walks.AddLast(new RibWalk(RibWalkKind.Dissolve) { Group = group });
        }
    }

    private bool CanWalk(CatchUp catchUp)
    {
        if (catchUp.IsDone)
        {
            return false;
        }

        // The group's Adj-RIB-Out is built by one walk; the next joiners wait for it.
        if (!catchUp.HasStarted && catchUp.Group.CatchUps.Exists(static other => other is { HasStarted: true, IsFirstPassDone: false }))
        {
            return false;
        }

        // A member that fell behind is sent the present state once it has read what it was left with; until then changes only set bits.
        var written = catchUp.Log.End;
        foreach (var member in catchUp.Members)
        {
            var lag = member.LagIn(catchUp.Log);
            var isStillBehind = lag < 0 && (catchUp.Kind == CatchUpKind.Slow || written > _context.Limits.WalkAheadBytes);
            if (isStillBehind || lag > _context.Limits.WalkAheadBytes)
            {
                return false;
            }
        }

        return true;
    }

    private void WorkOnCatchUps(ref int budget)
    {
        for (var at = _groups.Count - 1; at >= 0; at--)
        {
            var group = _groups[at];
            for (var walk = 0; walk < group.CatchUps.Count && budget > 0; walk++)
            {
                if (CanWalk(group.CatchUps[walk]))
                {
                    Advance(group, group.CatchUps[walk], ref budget);
                }
            }

            Settle(group);
        }
    }

    private void Advance(UpdateGroup group, CatchUp catchUp, ref int budget)
    {
        if (!catchUp.HasStarted)
        {
            catchUp.HasStarted = true;
            if (catchUp.Kind == CatchUpKind.Refresh)
            {
                Frame(group, catchUp, RouteRefreshSubtype.BeginningOfRefresh);
            }
        }

        for (; !catchUp.IsFirstPassDone && budget > 0; budget--)
        {
            if (catchUp.Cursor >= _table.End)
            {
                catchUp.IsFirstPassDone = true;
                group.IsBuilding = false;
                break;
            }

            var index = catchUp.Cursor++;
            if ((_table[index].Flags & DestinationFlags.Live) != 0)
            {
                VisitFirst(group, catchUp, index);
            }
        }

        for (uint from = 0; catchUp.IsFirstPassDone && catchUp.Changed.Count > 0 && budget > 0; budget--)
        {
            from = catchUp.Changed.Next(from);
            catchUp.Changed.Remove(from);
            VisitChanged(group, catchUp, from);
        }

        Pack(group, catchUp.Log, _catchUpChanges);
        PackTargeted(group, catchUp.Log);
        catchUp.Log.Publish();
        group.HasNews = true;
        if (catchUp.IsFirstPassDone && catchUp.Changed.Count == 0)
        {
            Conclude(group, catchUp);
        }
    }

    private void VisitFirst(UpdateGroup group, CatchUp catchUp, uint index)
    {
        ref var destination = ref _table[index];
        var entry = group.Entry(index);
        if (group.IsBuilding && (destination.Flags & DestinationFlags.Dirty) == 0)
        {
            var wanted = Wanted(group, ref destination);
            group.SetEntry(index, wanted);
            ReleaseEntry(entry);
            entry = wanted;
        }

        if (!entry.IsNone)
        {
            _catchUpChanges.Add(ChangeOf(index, entry, AudienceOf(entry)));
        }

        if (catchUp.Kind == CatchUpKind.Move)
        {
            WithdrawFromExcluded(group, catchUp, index, entry);
        }
    }

    private void VisitChanged(UpdateGroup group, CatchUp catchUp, uint index)
    {
        var entry = group.Entry(index);
        if (entry.IsNone)
        {
            _catchUpChanges.Add(new OutChange(index, 0, 0, -1));
        }
        else
        {
            _catchUpChanges.Add(ChangeOf(index, entry, AudienceOf(entry)));
            WithdrawFromExcluded(group, catchUp, index, entry);
        }

        _freeable.Add(index);
    }

    // A member that may have the route from before, and is not sent it now, gets a withdrawal.
    private void WithdrawFromExcluded(UpdateGroup group, CatchUp catchUp, uint index, OutEntry entry)
    {
        var audience = AudienceOf(entry);
        foreach (var member in catchUp.Members)
        {
            if (entry.IsNone || !audience.Includes(member.Slot.Number))
            {
                group.Targeted.Add((member.Slot.Number, index));
            }
        }
    }

    /// <summary>The members have all that the group was sent: they go over to its log.</summary>
    private void Conclude(UpdateGroup group, CatchUp catchUp)
    {
        if (catchUp.Kind == CatchUpKind.Join)
        {
            WriteEndOfRib(catchUp);
        }
        else if (catchUp.Kind == CatchUpKind.Refresh)
        {
            Frame(group, catchUp, RouteRefreshSubtype.EndOfRefresh);
        }

        catchUp.Log.Publish();
        catchUp.IsDone = true;
        var members = catchUp.Members.ToArray();
        catchUp.Members.Clear();
        foreach (var member in members)
        {
            member.CatchUp = null;
            member.HandOver(group.Log);
            if (member.WantsRefresh)
            {
                member.WantsRefresh = false;
                FeedApart(group, member, CatchUpKind.Refresh);
            }
        }

        foreach (var index in _freeable)
        {
            FreeIfUnused(index);
        }

        _freeable.Clear();
    }

    private void WriteEndOfRib(CatchUp catchUp)
    {
        var message = catchUp.Log.Reserve(BgpConstants.MaxMessageLength, OutputAudience.Everybody);
        catchUp.Log.Commit(UpdateBuilder.WriteEndOfRib(message, Family));
    }

    private void Frame(UpdateGroup group, CatchUp catchUp, RouteRefreshSubtype subtype)
    {
        foreach (var member in catchUp.Members)
        {
            if (member.Slot.Session!.EnhancedRouteRefresh)
            {
                var message = catchUp.Log.Reserve(BgpConstants.MaxMessageLength, OutputAudience.JustFor(member.Slot.Number));
                catchUp.Log.Commit(new RouteRefreshMessage(Family, subtype).WriteTo(message));
            }
        }

        group.HasNews = true;
    }

    /// <summary>Tells the transport of new bytes, and takes members out of the log that have fallen too far behind.</summary>
    private void WakeMembers()
    {
        foreach (var group in _groups)
        {
            if (!group.HasNews)
            {
                continue;
            }

            group.HasNews = false;
            foreach (var member in group.Members)
            {
                _context.Effects.Add(new EngineEffect(EngineEffectKind.Wake) { Peer = member.Slot.Peer, Generation = member.Slot.Generation });
                if (member.CatchUp is null && member.LagIn(group.Log) > _context.Limits.MemberLagBytes)
                {
                    FeedApart(group, member, CatchUpKind.Slow);
                }
            }
        }
    }
}
