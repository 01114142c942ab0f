using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// All routes of one family: Adj-RIB-Ins, Loc-RIB and, by group, the Adj-RIB-Outs, over one table of destinations.
/// <para>
/// In: routes of UPDATEs, already decoded, interned and judged but for the prefix policy; sessions coming and going; the speaker's own networks. Out: forwarding changes as effects, and
/// encoded UPDATEs in the logs of the update groups. Called by <see cref="RouteEngine"/> only.
/// </para>
/// <para>
/// A change of a path runs the decision at once (RFC 4271 §9.1) and marks the destination dirty if what others see of it may have changed. Dirty destinations are exported together, so that
/// their UPDATEs can be packed; a lone change leaves at once. Whatever must visit many destinations is a <see cref="RibWalk"/> that stops after a bounded number of them.
/// </para>
/// </summary>
internal sealed partial class Rib<TBits> : FamilyRib
    where TBits : unmanaged, IPrefixBits<TBits>
{
    private readonly RibContext _context;
    private readonly DecisionProcess _decision;
    private readonly DestinationTable<TBits> _table;
    private readonly PrefixRun<TBits> _run = new();
    private readonly PrefixRun<TBits> _ahead = new();
    private uint[] _dirty = new uint[64];
    private int _dirtyHead;
    private int _dirtyEnd;

    public Rib(RibContext context)
    {
        _context = context;
        _decision = new DecisionProcess(context);
        _table = new DestinationTable<TBits>(SeededHash.Mix(context.Seed, 0xc2b2ae3d27d4eb4f ^ (ulong)TBits.Family.Afi));
    }

    public override AddressFamily Family => TBits.Family;

    public override int PrefixCount => _table.Count - (IsDefaultWithoutPaths ? 1 : 0);

    public override int PathCount => _table.PathCount;

    public override int DirtyCount => _dirtyEnd - _dirtyHead;

    private bool SharesTraffic => _context.Config.Fib.Enabled && _context.Config.Multipath is not { Ebgp: <= 1, Ibgp: <= 1 };

    public override int Announce(PeerSlot slot, PeerFamily family, ReadOnlySpan<byte> nlri, uint attributes, PathReason reason, Scouted scouted)
    {
        // What no rule tells apart by prefix is judged once for the UPDATE. The path counts as a user of its sets before anything else is judged.
        (PathReason, uint)? shared = reason != PathReason.None ? (reason, attributes) : family.Import.LooksAtPrefix ? null : Judge(family.Import, default, attributes, slot);
        if (scouted.Count > 0)
        {
            Announce(slot, family, attributes, shared, _ahead, scouted.Begin, scouted.Begin + scouted.Count);
            return scouted.Count;
        }

        var visited = 0;
        var reader = new NlriReader(nlri, Family, family.AddPathReceive);
        while (Fetch(ref reader) is var count and > 0)
        {
            Announce(slot, family, attributes, shared, _run, 0, count);
            visited += count;
        }

        return visited;
    }

    public override int Withdraw(PeerSlot slot, PeerFamily family, ReadOnlySpan<byte> nlri)
    {
        var visited = 0;
        var reader = new NlriReader(nlri, Family, family.AddPathReceive);
        while (Fetch(ref reader) is var count and > 0)
        {
            for (var at = 0; at < count; at++)
            {
                var index = _table.Find(_run.Key(at), _run.Length(at), _run.Hash(at));
                if (index != 0)
                {
                    Take(index, slot.Number, _run.PathId(at), family);
                }
            }

            visited += count;
        }

        return visited;
    }

    public override Scouted Scout(PeerFamily family, ReadOnlySpan<byte> nlri)
    {
        var begin = _ahead.Count;
        if (NlriReader.Count(nlri, family.AddPathReceive) > PrefixRun<TBits>.Capacity - begin)
        {
            return default;
        }

        var reader = new NlriReader(nlri, Family, family.AddPathReceive);
        _ahead.Read(ref reader, _table);
        return reader.IsMalformed ? default : new Scouted(begin, _ahead.Count - begin);
    }

    public override void ReachScouted() => _ahead.Reach(_table);

    public override void ForgetScouted() => _ahead.Clear();

    public override void Originate(in IpPrefix prefix, uint attributes)
    {
        var bits = TBits.From(prefix);
        var path = new PathEntry { Received = attributes, Effective = attributes, ReceivedAt = _context.NowSeconds };
        var index = _table.FindOrAdd(bits, prefix.Length, _table.Hash(bits, prefix.Length));
        Put(index, path, null);
        MarkDirty(index);
    }

    public override void Unoriginate(in IpPrefix prefix)
    {
        var index = _table.Find(prefix);
        if (index != 0)
        {
            Take(index, 0, 0, null);
        }
    }

    public override void Touch(in IpPrefix prefix)
    {
        var index = _table.Find(prefix);
        if (index != 0)
        {
            MarkDirty(index);
        }
    }

    public override void Dispose()
    {
        foreach (var group in _groups)
        {
            group.Dispose();
        }

        foreach (var walk in _walks)
        {
            walk.Group?.Dispose();
        }

        _contributions.Dispose();
        _highestPathIds.Dispose();
        _table.Dispose();
    }

    /// <summary>What import makes of a route: why it is of no use, or the attributes that it has from then on.</summary>
    private (PathReason Reason, uint Effective) Judge(PolicyProgram program, in IpPrefix prefix, uint attributes, PeerSlot source) =>
        _context.Policy.TryImport(program, prefix, attributes, source, out var effective) ? (PathReason.None, effective) : (PathReason.RejectedByPolicy, attributes);

    private void Announce(PeerSlot slot, PeerFamily family, uint attributes, (PathReason, uint)? shared, PrefixRun<TBits> run, int begin, int end)
    {
        for (var at = begin; at < end; at++)
        {
            var (reason, effective) = shared ?? Judge(family.Import, new IpPrefix(TBits.ToAddress(run.Key(at)), run.Length(at)), attributes, slot);
            var path = new PathEntry
            {
                Received = attributes,
                Effective = effective,
                PathId = run.PathId(at),
                ReceivedAt = _context.NowSeconds,
                Slot = slot.Number,
                Flags = (PathFlags)family.RefreshEpoch,
                Reason = reason,
            };
            if (at + Ahead < run.Count)
            {
                FetchRival(run.Hash(at + Ahead));
            }

            Put(_table.FindOrAdd(run.Key(at), run.Length(at), run.Hash(at)), path, family);
        }
    }

    /// <summary>Reads the next prefixes of a field.</summary>
    private int Fetch(ref NlriReader reader)
    {
        _run.Clear();
        _run.Read(ref reader, _table);
        _run.Reach(_table);
        return _run.Count;
    }

    /// <summary>Adds the path or replaces the one of the same session and path id; takes references to its attributes.</summary>
    private void Put(uint index, in PathEntry path, PeerFamily? family)
    {
        ref var destination = ref _table[index];
        var paths = _table.Paths(ref destination);
        var at = _table.Position(ref destination, path.Slot, path.PathId);
        if (at >= 0 && paths[at].Received == path.Received && paths[at].Effective == path.Effective && paths[at].Reason == path.Reason)
        {
            paths[at].Flags = (paths[at].Flags & ~PathFlags.RefreshMask & ~PathFlags.Stale) | (path.Flags & PathFlags.RefreshMask);
            return;
        }

        _context.Attributes.AddReference(path.Received);
        _context.Attributes.AddReference(path.Effective);
        var wasMultipath = false;
        if (at < 0)
        {
            at = destination.PathCount;
            _table.AddPath(ref destination, path);
            paths = _table.Paths(ref destination);
            Count(family, path, 1);
        }
        else
        {
            wasMultipath = (paths[at].Flags & PathFlags.Multipath) != 0;
            Count(family, paths[at], -1);
            ReleaseAttributes(paths[at]);
            paths[at] = path;
            Count(family, path, 1);
        }

        if (Choose(ref destination, paths, at) || wasMultipath || LosersMatter(destination))
        {
            MarkDirty(index);
        }
    }

    private void Take(uint index, ushort slot, uint pathId, PeerFamily? family)
    {
        ref var destination = ref _table[index];
        var at = _table.Position(ref destination, slot, pathId);
        if (at >= 0)
        {
            RemoveAt(index, at, family);
        }
    }

    private void RemoveAt(uint index, int at, PeerFamily? family)
    {
        ref var destination = ref _table[index];
        var path = _table.Paths(ref destination)[at];
        var wasBest = at == 0 && destination.HasBest;
        Detach(ref destination, at, family);
        DecideWithout(index, ref destination, wasBest, (path.Flags & PathFlags.Multipath) != 0);
    }

    /// <summary>Takes a path out and leaves the decision to <see cref="DecideWithout"/>: only paths behind it change their places.</summary>
    private void Detach(ref Destination<TBits> destination, int at, PeerFamily? family)
    {
        var path = _table.Paths(ref destination)[at];
        Count(family, path, -1);
        ReleaseAttributes(path);
        _table.RemovePath(ref destination, at);
        if (at == 0)
        {
            destination.Flags &= ~DestinationFlags.HasBest;
        }
    }

    private void MarkDirty(uint index)
    {
        ref var destination = ref _table[index];
        if ((destination.Flags & DestinationFlags.Dirty) != 0)
        {
            return;
        }

        destination.Flags |= DestinationFlags.Dirty;
        if (_dirtyEnd == _dirty.Length)
        {
            MakeRoomForDirty();
        }

        _dirty[_dirtyEnd++] = index;
    }

    private void MakeRoomForDirty()
    {
        var count = _dirtyEnd - _dirtyHead;
        if (_dirtyHead < _dirty.Length / 2)
        {
            Array.Resize(ref _dirty, _dirty.Length * 2);
        }

        Array.Copy(_dirty, _dirtyHead, _dirty, 0, count);
        _dirtyHead = 0;
        _dirtyEnd = count;
    }

    private void ReleaseAttributes(in PathEntry path)
    {
        _context.Attributes.Release(path.Received);
        _context.Attributes.Release(path.Effective);
    }

    private static void Count(PeerFamily? family, in PathEntry path, int change)
    {
        if (family is not null)
        {
            family.Received += change;
            family.Accepted += path.Reason == PathReason.None ? change : 0;
        }
    }
}
