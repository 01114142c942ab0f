using System.Buffers.Binary;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>The first messages of a batch, read ahead of being applied. What is malformed is found when its message is applied: here it is left alone.</summary>
public sealed partial class RouteEngine
{
    private readonly ScoutedMessage[] _scouted = new ScoutedMessage[PreparedSets.Capacity];
    private readonly PreparedSets _prepared;
    private int _scoutedAt;
    private int _scoutedEnd;

    /// <summary>
    /// Reads the prefixes of the next messages of a batch, so that the processor fetches what they are about to touch: those of one UPDATE are too few for their latencies to overlap. Where attribute
    /// sets hardly come twice, as in a full table, also those. Nothing is changed.
    /// </summary>
    private void Scout(PeerSlot slot, ReadOnlySpan<byte> messages)
    {
        (_scoutedAt, _scoutedEnd) = (0, 0);
        _ipv4.ForgetScouted();
        var preparesSets = _context.Cache.IsSampled;
        for (; _scoutedEnd < _scouted.Length && !messages.IsEmpty; _scoutedEnd++)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(messages[16..]);
            ReadOnlySpan<byte> section = default;
            var isUpdate = (MessageType)messages[18] == MessageType.Update;
            var nlri = isUpdate ? UpdateDecoder.ClassicNlri(messages[BgpConstants.HeaderLength..length], out section) : default;
            var isScouted = slot.Ipv4 is not null && !nlri.IsEmpty;
            var isPrepared = isScouted && preparesSets && _prepared.TryPrepare(_scoutedEnd, section, slot.Session!.Receive);
            _scouted[_scoutedEnd] = new ScoutedMessage(isScouted ? _ipv4.Scout(slot.Ipv4!, nlri) : default, isPrepared ? _scoutedEnd : -1);
            messages = messages[length..];
        }

        _ipv4.ReachScouted();
    }

    /// <summary>What was read ahead of a message: its prefixes, and where its set stands among the prepared ones, or -1.</summary>
    private readonly record struct ScoutedMessage(Scouted Prefixes, int Set)
    {
        public static ScoutedMessage None => new(default, -1);
    }
}
