using System.Runtime.InteropServices;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>From changes of a group to UPDATEs in its log, or in that of a walk: sorted, so that what can share a message and an audience stands together, and encoded once (RFC 4271 §9.2).</summary>
internal sealed partial class Rib<TBits>
{
    private readonly List<OutChange> _targetedRun = [];
    private ulong[] _sortKeys = [];

    /// <summary>Packs what changed into the group's log.</summary>
    private void Flush(UpdateGroup group)
    {
        if (group.Changes.Count > 0 || group.Targeted.Count > 0)
        {
            Pack(group, group.Log, group.Changes);
            PackTargeted(group, group.Log);
            group.Log.Publish();
            group.HasNews = true;
        }
    }

    private void Pack(UpdateGroup group, OutputLog log, List<OutChange> changes)
    {
        var span = CollectionsMarshal.AsSpan(changes);
        if (!IsSorted(span))
        {
            Sort(span);
        }

        for (var at = 0; at < span.Length;)
        {
            var end = at + 1;
            while (end < span.Length && span[end].SortKey == span[at].SortKey)
            {
                end++;
            }

            FetchChanged(span, at + FarAhead, end - at);

            PackRun(group, log, span[at].Audience, span[at].Attributes, span[at..end]);
            at = end;
        }

        changes.Clear();
    }

    private void PackTargeted(UpdateGroup group, OutputLog log)
    {
        group.Targeted.Sort(static (left, right) => left.Member.CompareTo(right.Member));
        for (var at = 0; at < group.Targeted.Count;)
        {
            var member = group.Targeted[at].Member;
            _targetedRun.Clear();
            for (; at < group.Targeted.Count && group.Targeted[at].Member == member; at++)
            {
                _targetedRun.Add(group.Targeted[at].Withdrawal);
            }

            PackRun(group, log, OutputAudience.JustFor(member), 0, CollectionsMarshal.AsSpan(_targetedRun));
        }

        group.Targeted.Clear();
    }

    private void PackRun(UpdateGroup group, OutputLog log, OutputAudience audience, uint attributes, ReadOnlySpan<OutChange> run)
    {
        var room = MessageRoom(group.Key.Profile, attributes);
        for (var at = 0; at < run.Length;)
        {
            var builder = new UpdateBuilder(log.Reserve(room, audience), group.Key.Profile with { MaxMessageLength = room });
            if (attributes == 0)
            {
                builder.BeginWithdraw(Family);
            }
            else if (!builder.BeginReach(Family, _context.Attributes[attributes].Bytes))
            {
                throw new System.Diagnostics.UnreachableException("a set that does not fit into a message is never an entry");
            }

            for (; at < run.Length; at++)
            {
                ref readonly var destination = ref _table[run[at].Destination];
                if (!TBits.TryAdd(ref builder, destination.Bits, destination.Length, new PathId(run[at].PathId)))
                {
                    break;
                }
            }

            log.Commit(builder.Finish());
        }
    }

    // Messages stay within 4,096 bytes also where longer ones were negotiated, but for sets that need more: short ones pack the log's segments better.
    private int MessageRoom(in CodecProfile profile, uint attributes) =>
        attributes == 0 || EncodedLength(_context.Attributes.View(attributes), profile) + PrefixRoom <= BgpConstants.MaxMessageLength ? BgpConstants.MaxMessageLength : profile.MaxMessageLength;

    /// <summary>By keys in an array of their own: comparing integers is several times as fast as asking a comparison.</summary>
    private void Sort(Span<OutChange> changes)
    {
        if (_sortKeys.Length < changes.Length)
        {
            _sortKeys = GC.AllocateUninitializedArray<ulong>((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)changes.Length));
        }

        var keys = _sortKeys.AsSpan(0, changes.Length);
        for (var at = 0; at < changes.Length; at++)
        {
            keys[at] = changes[at].SortKey;
        }

        keys.Sort(changes);
    }

    private static bool IsSorted(ReadOnlySpan<OutChange> changes)
    {
        for (var at = 1; at < changes.Length; at++)
        {
            if (changes[at].SortKey < changes[at - 1].SortKey)
            {
                return false;
            }
        }

        return true;
    }
}
