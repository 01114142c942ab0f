using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// The walks that bring members up to date apart from their group's log: joiners (fed together by one walk), refreshes (RFC 2918, framed by RFC 7313's BoRR and EoRR), members that come
/// from another group, and members that fell behind. See <see cref="CatchUp"/> for what such a walk is.
/// </summary>
internal sealed partial class Rib<TBits>
{
    private readonly List<OutChange> _catchUpChanges = [];
    private readonly List<uint> _freeable = [];

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

        // Movers that do not read do not hold up the others: they part.
        return catchUp.Kind == CatchUpKind.Move
            ? catchUp.Members.Exists(member => !IsFarBehind(member, catchUp))
            : !catchUp.Members.Exists(member => IsFarBehind(member, catchUp));
    }

    // A member that fell behind is sent the present state once it has read what it was left with; until then changes only set bits.
    private bool IsFarBehind(GroupMember member, CatchUp catchUp)
    {
        var lag = member.LagIn(catchUp.Log);
        var isStillBehind = lag < 0 && (catchUp.Kind == CatchUpKind.Slow || catchUp.Log.End > _context.Limits.WalkAheadBytes);
        return isStillBehind || lag > _context.Limits.WalkAheadBytes;
    }

    private void PartFromFarBehind(UpdateGroup group, CatchUp move)
    {
        for (var at = move.Members.Count - 1; at >= 0; at--)
        {
            var member = move.Members[at];
            if (IsFarBehind(member, move))
            {
                move.Members.RemoveAt(at);
                FeedApart(group, member, CatchUpKind.Move);
            }
        }
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
        if (catchUp.Kind == CatchUpKind.Move)
        {
            PartFromFarBehind(group, catchUp);
        }

        if (!catchUp.HasStarted)
        {
            catchUp.HasStarted = true;
            if (catchUp.Kind == CatchUpKind.Refresh)
            {
                Frame(catchUp, RouteRefreshSubtype.BeginningOfRefresh);
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

            _context.Visited++;
            var index = catchUp.Cursor++;
            if ((_table[index].Flags & DestinationFlags.Live) != 0)
            {
                VisitFirst(group, catchUp, index);
            }
        }

        for (uint from = 0; catchUp.IsFirstPassDone && catchUp.Changed.Count > 0 && budget > 0; budget--)
        {
            _context.Visited++;
            from = catchUp.Changed.Next(from);
            catchUp.Changed.Remove(from);
            VisitChanged(group, catchUp, from);
        }

        Pack(group, catchUp.Log, _catchUpChanges);
        PackTargeted(group, catchUp.Log);
        catchUp.Log.Publish();
        foreach (var index in _freeable)
        {
            FreeIfUnused(index);
        }

        _freeable.Clear();
        catchUp.HasNews = true;
        if (catchUp.IsFirstPassDone && catchUp.Changed.Count == 0)
        {
            Conclude(group, catchUp);
        }
    }

    private void VisitFirst(UpdateGroup group, CatchUp catchUp, uint index)
    {
        ref var destination = ref _table[index];
        if (group.IsBuilding && (destination.Flags & DestinationFlags.Dirty) == 0)
        {
            Build(group, catchUp.From, index, ref destination);
        }

        if (catchUp.From is { } from && !catchUp.IsInDoubt(index))
        {
            TellDifference(group, from, index);
            _freeable.Add(index);
        }
        else if (catchUp.Kind == CatchUpKind.Move)
        {
            VisitChanged(group, catchUp, index);
        }
        else if (group.HasAddPath)
        {
            TellPaths(group, catchUp, index, isAll: false);
        }
        else if (group.Entry(index) is { IsNone: false } entry)
        {
            Tell(group, catchUp, index, 0, entry, isAll: false);
        }
    }

    private void Build(UpdateGroup group, UpdateGroup? like, uint index, ref Destination<TBits> destination)
    {
        if (group.HasAddPath)
        {
            BuildPaths(group, like, index, ref destination);
            return;
        }

        var entry = group.Entry(index);
        group.SetEntry(index, Wanted(group, ref destination));
        ReleaseEntry(entry);
    }

    private void VisitChanged(UpdateGroup group, CatchUp catchUp, uint index)
    {
        if (group.HasAddPath)
        {
            TellPaths(group, catchUp, index, isAll: true);
        }
        else
        {
            Tell(group, catchUp, index, 0, group.Entry(index), isAll: true);
        }

        _freeable.Add(index);
    }

    /// <summary>Tells members that come from another group where what they have of a destination differs from what they should have.</summary>
    private void TellDifference(UpdateGroup group, UpdateGroup from, uint index)
    {
        if (!group.HasAddPath)
        {
            TellDifference(group, index, 0, from.Entry(index), group.Entry(index));
            return;
        }

        var had = from.Paths(index);
        var wanted = group.Paths(index);
        for (var at = 0; at < Math.Max(had.Length, wanted.Length); at++)
        {
            TellDifference(group, index, LocalId(at), at < had.Length ? had[at].Entry : default, at < wanted.Length ? wanted[at].Entry : default);
        }
    }

    private void TellDifference(UpdateGroup group, uint index, uint pathId, OutEntry had, OutEntry wanted)
    {
        if (had != wanted)
        {
            AddChange(group, _catchUpChanges, index, pathId, had, wanted);
        }
    }

    /// <summary>Tells the members of a walk one route, or that there is none; with <paramref name="isAll"/> a member that may have it from before, and is not sent it now, gets a withdrawal.</summary>
    private void Tell(UpdateGroup group, CatchUp catchUp, uint index, uint pathId, OutEntry entry, bool isAll)
    {
        if (entry.IsNone)
        {
            _catchUpChanges.Add(Withdrawal(index, pathId));
            return;
        }

        var audience = AudienceOf(entry);
        _catchUpChanges.Add(ChangeOf(index, pathId, entry, audience));
        if (!isAll)
        {
            return;
        }

        foreach (var member in catchUp.Members)
        {
            if (!audience.Includes(member.Slot.Number))
            {
                group.Targeted.Add((member.Slot.Number, Withdrawal(index, pathId)));
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
            Frame(catchUp, RouteRefreshSubtype.EndOfRefresh);
        }

        catchUp.Log.Publish();
        catchUp.IsDone = true;
        var members = catchUp.Members.ToArray();
        catchUp.Members.Clear();
        foreach (var member in members)
        {
            member.CatchUp = null;
            member.HandOver(group.Log);
            Wake(member);
            if (member.WantsRefresh)
            {
                member.WantsRefresh = false;
                FeedApart(group, member, CatchUpKind.Refresh);
            }
        }

    }

    private void WriteEndOfRib(CatchUp catchUp)
    {
        var message = catchUp.Log.Reserve(BgpConstants.MaxMessageLength, OutputAudience.Everybody);
        catchUp.Log.Commit(UpdateBuilder.WriteEndOfRib(message, Family));
    }

    private void Frame(CatchUp catchUp, RouteRefreshSubtype subtype)
    {
        foreach (var member in catchUp.Members)
        {
            if (member.Slot.Session!.EnhancedRouteRefresh)
            {
                var message = catchUp.Log.Reserve(BgpConstants.MaxMessageLength, OutputAudience.JustFor(member.Slot.Number));
                catchUp.Log.Commit(new RouteRefreshMessage(Family, subtype).WriteTo(message));
            }
        }

        catchUp.HasNews = true;
    }
}
