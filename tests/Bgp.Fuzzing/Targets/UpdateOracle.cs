using System.Buffers.Binary;
using Bgp.Protocol;
using static Bgp.Fuzzing.BrokenRuleException;

namespace Bgp.Fuzzing;

/// <summary>What must hold for any UPDATE whatever; a broken rule throws, so that the fuzzer can say which message broke it.</summary>
internal sealed class UpdateOracle
{
    private readonly byte[] _key = new byte[BgpConstants.MaxExtendedMessageLength];
    private readonly byte[] _canonical = new byte[BgpConstants.MaxCanonicalLength];
    private readonly byte[] _again = new byte[BgpConstants.MaxCanonicalLength];
    private readonly byte[] _reversed = new byte[BgpConstants.MaxExtendedMessageLength];
    private readonly byte[] _message = new byte[BgpConstants.MaxExtendedMessageLength];

    private HashCode _kind;
    private HashCode _digest;

    /// <summary>How many attribute sets were good, so that a fuzzer that makes only rubbish is noticed.</summary>
    public int CanonicalSets { get; private set; }

    public FuzzOutcome Check(ReadOnlySpan<byte> body, CodecProfile profile)
    {
        _kind = default;
        _digest = default;

        var update = new DecodedUpdate();
        UpdateDecoder.Split(body, profile, ref update);
        CheckOutcome(update.Action, update.Error);
        Note(update.Action, update.Error, update.FaultyAttribute);
        if (update.Action == UpdateErrorAction.SessionReset)
        {
            return new FuzzOutcome(_kind.ToHashCode(), _digest.ToHashCode());
        }

        CheckNlri(update.Withdrawn, AddressFamily.Ipv4Unicast, profile);
        CheckNlri(update.Announced, AddressFamily.Ipv4Unicast, profile);
        CheckNlri(update.ReachNlri, update.ReachFamily, profile);
        CheckNlri(update.UnreachNlri, update.UnreachFamily, profile);
        update.IsEndOfRib(out _);
        var keyLength = UpdateDecoder.WriteRawKey(update, _key);
        Require(keyLength <= update.AttributeBytes.Length, "a raw key is no longer than its section");
        CheckSet(update.AttributeBytes, _key.AsSpan(0, keyLength), profile, false, default);
        if (update.HasReach)
        {
            CheckSet(update.AttributeBytes, _key.AsSpan(0, keyLength), profile, true, update.ReachNextHop);
        }

        return new FuzzOutcome(_kind.ToHashCode(), _digest.ToHashCode());
    }

    private void CheckSet(ReadOnlySpan<byte> section, ReadOnlySpan<byte> key, CodecProfile profile, bool useMp, ReadOnlySpan<byte> nextHop)
    {
        var action = UpdateDecoder.Canonicalize(section, profile, useMp, nextHop, _canonical, out var written, out var error, out var faulty);
        CheckOutcome(action, error);
        Note(action, error, faulty);
        var byKey = UpdateDecoder.Canonicalize(key, profile, useMp, nextHop, _again, out var keyWritten, out var keyError, out var keyFaulty);
        var canonical = _canonical.AsSpan(0, written);
        Require((action, error, faulty) == (byKey, keyError, keyFaulty), "a raw key costs what its section costs");
        Require(canonical.SequenceEqual(_again.AsSpan(0, keyWritten)), "a raw key gives the set of its section");
        if (action >= UpdateErrorAction.TreatAsWithdraw)
        {
            Require(written == 0, "nothing is written where the routes are withdrawn");
            return;
        }

        CanonicalSets++;
        _digest.AddBytes(canonical);
        CheckForm(canonical);
        CheckOtherOrder(section, canonical, profile, useMp, nextHop);
        CheckRoundTrip(canonical, profile with { Flags = profile.Flags | CodecFlags.FourOctetAs });
        if (!new PathAttributes(canonical).AsPath.HasConfederationSegments)
        {
            // AS4_PATH has no confederation segments, so that only paths without them come back whole.
            CheckRoundTrip(canonical, profile with { Flags = profile.Flags & ~CodecFlags.FourOctetAs });
        }
    }

    private void CheckRoundTrip(ReadOnlySpan<byte> canonical, CodecProfile profile)
    {
        var wide = profile with
        {
            MaxMessageLength = BgpConstants.MaxExtendedMessageLength,
            Flags = profile.Flags | CodecFlags.ExtendedNextHopIpv4,
        };
        var isV4 = new PathAttributes(canonical).NextHop.IsV4;
        var builder = new UpdateBuilder(_message, wide);
        Require(builder.BeginReach(isV4 ? AddressFamily.Ipv4Unicast : AddressFamily.Ipv6Unicast, canonical), "the set fits a message");
        Require(isV4 ? builder.TryAddV4(0, 0, default) : builder.TryAddV6(0, 0, 0, default), "there is room for a prefix");
        var length = builder.Finish();
        var update = new DecodedUpdate();
        UpdateDecoder.Split(_message.AsSpan(BgpConstants.HeaderLength, length - BgpConstants.HeaderLength), wide, ref update);
        Require(update.Action == UpdateErrorAction.None, "what we encode is well-formed");
        var action = UpdateDecoder.Canonicalize(update.AttributeBytes, wide, !isV4, update.ReachNextHop, _again, out var written, out _, out _);
        Require(action == UpdateErrorAction.None, "what we encode has no fault");
        Require(canonical.SequenceEqual(_again.AsSpan(0, written)), "a set that was encoded comes back as the same bytes");
    }

    /// <summary>The same attributes from last to first are the same set; where one occurs twice the first counts, so order matters.</summary>
    private void CheckOtherOrder(ReadOnlySpan<byte> section, ReadOnlySpan<byte> canonical, CodecProfile profile, bool useMp, ReadOnlySpan<byte> nextHop)
    {
        var reader = new AttributeReader(section);
        var start = 0;
        var target = _reversed.AsSpan(0, section.Length);
        Span<bool> seen = stackalloc bool[byte.MaxValue + 1];
        seen.Clear();
        while (reader.TryRead(out var type, out _, out _))
        {
            if (seen[(byte)type])
            {
                return;
            }

            seen[(byte)type] = true;
            section[start..reader.Position].CopyTo(target[(section.Length - reader.Position)..]);
            start = reader.Position;
        }

        UpdateDecoder.Canonicalize(target, profile, useMp, nextHop, _again, out var written, out _, out _);
        Require(canonical.SequenceEqual(_again.AsSpan(0, written)), "the order of attributes means nothing");
    }

    private void Note(UpdateErrorAction action, BgpError error, AttributeType faulty)
    {
        _kind.Add(action);
        _kind.Add(error.Subcode);
        _kind.Add(faulty);
        _digest.Add(error);
    }

    /// <summary>Canonical form, read without the code that reads it otherwise.</summary>
    private static void CheckForm(ReadOnlySpan<byte> canonical)
    {
        var last = 0;
        var mandatory = 0;
        while (!canonical.IsEmpty)
        {
            Require(canonical.Length >= 4, "an attribute has a header");
            var length = BinaryPrimitives.ReadUInt16BigEndian(canonical[2..]);
            Require(canonical[0] > last, "attributes ascend");
            Require(canonical[0] is not (14 or 15 or 17 or 18), "what was merged is gone");
            Require((canonical[1] & 0x1f) == 0, "no extended length, no undefined flag");
            Require(canonical.Length >= 4 + length, "an attribute ends within the set");
            CheckSorted((AttributeType)canonical[0], canonical.Slice(4, length));
            last = canonical[0];
            mandatory += last is 1 or 2 or 3 ? 1 : 0;
            canonical = canonical[(4 + length)..];
        }

        Require(mandatory == 3, "ORIGIN, AS_PATH and NEXT_HOP are there");
    }

    private static void CheckSorted(AttributeType type, ReadOnlySpan<byte> value)
    {
        var size = type switch
        {
            AttributeType.Communities => 4,
            AttributeType.ExtendedCommunities => 8,
            AttributeType.LargeCommunities => 12,
            AttributeType.Ipv6ExtendedCommunities => 20,
            _ => 0,
        };
        for (var at = size; size != 0 && at < value.Length; at += size)
        {
            Require(value.Slice(at - size, size).SequenceCompareTo(value.Slice(at, size)) < 0, "a list of communities ascends");
        }
    }

    private void CheckNlri(ReadOnlySpan<byte> nlri, AddressFamily family, CodecProfile profile)
    {
        var addPath = profile.AddPath(family);
        var reader = new NlriReader(nlri, family, addPath);
        var count = 0;
        while (reader.TryRead(out var prefix, out _))
        {
            count++;
            _digest.Add(prefix);
            Require(prefix.Address.IsV6 == (family.Afi == Afi.Ipv6), "a prefix is of its family");
        }

        var isWellFormed = NlriReader.IsWellFormed(nlri, family, addPath);
        Require(isWellFormed == !reader.IsMalformed, "the check and the reader agree");
        Require(!isWellFormed || NlriReader.Count(nlri, addPath) == count, "the count and the reader agree");
    }

    private static void CheckOutcome(UpdateErrorAction action, BgpError error)
    {
        Require(action <= UpdateErrorAction.SessionReset, "the action is one of the table's");
        Require((action == UpdateErrorAction.None) == error.IsNone, "a fault has a reason");
        Require(error.IsNone || (error.Code == NotificationCode.UpdateMessageError && Enum.IsDefined((UpdateSubcode)error.Subcode)), "the reason is an UPDATE's");
    }
}
