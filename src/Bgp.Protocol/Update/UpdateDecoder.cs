using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Bgp.Protocol;

/// <summary>
/// UPDATE in (RFC 4271 §4.3, §6.3; RFC 7606). Called by the route engine in two steps, so that what most UPDATEs share is done once:
/// <see cref="Split"/> for every message finds the parts and the faults of structure; <see cref="WriteRawKey"/> makes the key of the
/// engine's cache; <see cref="Canonicalize"/>, on a miss, checks every attribute by its row of <see cref="AttributeTable"/> and writes the
/// canonical set. Prefixes are read by <see cref="NlriReader"/>. What a peer can cause is a value here, never an exception.
/// Deviation: an MP_REACH_NLRI of a family of ours whose next hop has a wrong length disables the family (RFC 7606 §7.11 leaves the choice).
/// </summary>
public static class UpdateDecoder
{
    private const int MpReachMinimum = 5; // AFI (2), SAFI (1), Length of Next Hop (1), Reserved (1)
    private const int MpUnreachMinimum = 3; // AFI (2), SAFI (1)

    /// <summary>Takes a body apart. Cheap: lengths, one walk over the attribute headers, the structure of MP_REACH_NLRI and MP_UNREACH_NLRI.</summary>
    public static void Split(ReadOnlySpan<byte> body, in CodecProfile profile, ref DecodedUpdate update)
    {
        update = default;
        var verdict = new UpdateVerdict();
        if (!TrySplitBody(body, ref update))
        {
            verdict.Raise(UpdateErrorAction.SessionReset, UpdateSubcode.MalformedAttributeList, AttributeType.None);
        }
        else if (!update.AttributeBytes.IsEmpty)
        {
            SplitAttributes(profile, ref update, ref verdict);
        }

        update.Action = verdict.Action;
        update.Error = verdict.Error;
        update.FaultyAttribute = verdict.Faulty;
    }

    /// <summary>The prefixes in the last field of a body and the attributes before them, by its lengths alone; empty where they make no sense.</summary>
    public static ReadOnlySpan<byte> ClassicNlri(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> attributeSection)
    {
        var update = default(DecodedUpdate);
        var isWhole = TrySplitBody(body, ref update);
        attributeSection = isWhole ? update.AttributeBytes : default;
        return isWhole ? update.Announced : default;
    }

    /// <summary>
    /// Writes a key under which the outcome of <see cref="Canonicalize"/> can be kept: the attribute section without MP_UNREACH_NLRI and without
    /// the NLRI of MP_REACH_NLRI, whose next hop stays. It is itself an attribute section. Returns its length, at most that of the section.
    /// </summary>
    public static int WriteRawKey(in DecodedUpdate update, Span<byte> destination)
    {
        var section = update.AttributeBytes;
        var key = destination[..section.Length];
        if (!update.HasReach && !update.HasUnreach)
        {
            section.CopyTo(key);
            return section.Length;
        }

        var position = 0;
        var length = 0;
        var reachIsFirst = update.HasReach && (!update.HasUnreach || update.ReachStart < update.UnreachStart);
        for (var turn = 0; turn < 2; turn++)
        {
            var isReach = reachIsFirst == (turn == 0);
            if (isReach ? !update.HasReach : !update.HasUnreach)
            {
                continue;
            }

            length += CopyTo(section[position..(isReach ? update.ReachStart : update.UnreachStart)], key[length..]);
            length += isReach ? WriteReachKey(update, key[length..]) : 0;
            position = isReach ? update.ReachEnd : update.UnreachEnd;
        }

        return length + CopyTo(section[position..], key[length..]);
    }

    /// <summary>
    /// Checks every attribute of a section and writes the canonical set (see <see cref="PathAttributes"/>). The outcome depends on the
    /// arguments only, and is the same for a section and for its raw key. Nothing is written where the action is
    /// <see cref="UpdateErrorAction.TreatAsWithdraw"/> or more.
    /// </summary>
    /// <param name="attributeSection">Path Attributes as received, or a raw key.</param>
    /// <param name="profile">The receiving direction.</param>
    /// <param name="useMpNextHop">Whether the set is for the NLRI of MP_REACH_NLRI: then NEXT_HOP is ignored (RFC 4760 §3).</param>
    /// <param name="mpNextHop"><see cref="DecodedUpdate.ReachNextHop"/>; unread unless <paramref name="useMpNextHop"/>.</param>
    /// <param name="destination">Room for <see cref="BgpConstants.MaxCanonicalLength"/>; a set that does not fit is treated as withdrawn.</param>
    /// <param name="written">The canonical set's length.</param>
    /// <param name="error">The first reason of the strongest action.</param>
    /// <param name="faulty">The attribute at fault.</param>
    [SkipLocalsInit]
    public static UpdateErrorAction Canonicalize(
        ReadOnlySpan<byte> attributeSection,
        in CodecProfile profile,
        bool useMpNextHop,
        ReadOnlySpan<byte> mpNextHop,
        Span<byte> destination,
        out int written,
        out BgpError error,
        out AttributeType faulty)
    {
        Span<int> index = stackalloc int[ReceivedAttributes.IndexLength];
        Span<ulong> map = stackalloc ulong[ReceivedAttributes.MapLength];
        var attributes = new ReceivedAttributes(attributeSection, index, map);
        var verdict = new UpdateVerdict();
        AttributeInspector.Inspect(attributeSection, profile, useMpNextHop, attributes, ref verdict);
        AttributeInspector.RequireMandatory(attributes, useMpNextHop, ref verdict);
        var canUseNextHop = NextHops.TryNormalize(mpNextHop, out var canonicalNextHop);
        if (useMpNextHop && !canUseNextHop)
        {
            verdict.Raise(UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.InvalidNextHop, AttributeType.MpReach);
        }

        written = 0;
        if (verdict.Action < UpdateErrorAction.TreatAsWithdraw)
        {
            var writer = new PathAttributesWriter(destination[..Math.Min(destination.Length, BgpConstants.MaxCanonicalLength)]);
            WriteCanonical(attributes, profile, useMpNextHop ? canonicalNextHop : default, ref writer);
            written = writer.HasOverflowed ? 0 : writer.Length;
            if (writer.HasOverflowed)
            {
                verdict.Raise(UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.MalformedAttributeList, AttributeType.None);
            }
        }

        error = verdict.Error;
        faulty = verdict.Faulty;
        return verdict.Action;
    }

    // RFC 4271 §4.3: Withdrawn Routes Length (2), Withdrawn Routes, Total Path Attribute Length (2), Path Attributes, NLRI.
    private static bool TrySplitBody(ReadOnlySpan<byte> body, ref DecodedUpdate update)
    {
        if (body.Length < 4)
        {
            return false;
        }

        int withdrawnLength = BinaryPrimitives.ReadUInt16BigEndian(body);
        if (withdrawnLength > body.Length - 4)
        {
            return false;
        }

        var rest = body[(2 + withdrawnLength)..];
        int attributesLength = BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (attributesLength > rest.Length - 2)
        {
            return false;
        }

        update.Withdrawn = body.Slice(2, withdrawnLength);
        update.AttributeBytes = rest.Slice(2, attributesLength);
        update.Announced = rest[(2 + attributesLength)..];
        return true;
    }

    private static void SplitAttributes(in CodecProfile profile, ref DecodedUpdate update, ref UpdateVerdict verdict)
    {
        var reader = new AttributeReader(update.AttributeBytes);
        var start = 0;
        var hasOthers = false;
        while (reader.TryRead(out var type, out var flags, out var value))
        {
            if (type is AttributeType.MpReach or AttributeType.MpUnreach)
            {
                if (type == AttributeType.MpReach ? update.HasReach : update.HasUnreach)
                {
                    verdict.Raise(UpdateErrorAction.SessionReset, UpdateSubcode.MalformedAttributeList, type); // RFC 7606 §3 g
                    return;
                }

                if ((flags & (AttributeFlags.Optional | AttributeFlags.Transitive)) != AttributeFlags.Optional)
                {
                    verdict.Raise(UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.AttributeFlagsError, type);
                }

                if (type == AttributeType.MpReach)
                {
                    SplitReach(value, start, reader.Position, profile, ref update, ref verdict);
                }
                else
                {
                    SplitUnreach(value, start, reader.Position, ref update, ref verdict);
                }
            }
            else
            {
                hasOthers = true;
            }

            start = reader.Position;
        }

        if (reader.IsTruncated)
        {
            verdict.Raise(UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.AttributeLengthError, AttributeType.None); // RFC 7606 §4
        }

        if (!update.HasAnnouncement)
        {
            if (hasOthers)
            {
                AttributeInspector.Inspect(update.AttributeBytes, profile, update.HasReach, ref verdict);
            }

            verdict.EscalateWithoutNlri();
        }
    }

    // RFC 4760 §3: AFI (2), SAFI (1), Length of Next Hop Network Address (1), Network Address of Next Hop, Reserved (1), NLRI.
    private static void SplitReach(
        ReadOnlySpan<byte> value, int start, int end, in CodecProfile profile, ref DecodedUpdate update, ref UpdateVerdict verdict)
    {
        update.HasReach = true;
        update.ReachStart = start;
        update.ReachEnd = end;
        if (value.Length < MpReachMinimum || value[3] > value.Length - MpReachMinimum)
        {
            verdict.Raise(UpdateErrorAction.SessionReset, UpdateSubcode.OptionalAttributeError, AttributeType.MpReach);
            return;
        }

        update.ReachFamily = new AddressFamily((Afi)BinaryPrimitives.ReadUInt16BigEndian(value), (Safi)value[2]);
        update.ReachNextHop = value.Slice(4, value[3]);
        update.ReachNlri = value[(MpReachMinimum + value[3])..];
        if (!NextHops.IsAllowedLength(update.ReachFamily, value[3], profile))
        {
            verdict.Raise(UpdateErrorAction.DisableFamily, UpdateSubcode.OptionalAttributeError, AttributeType.MpReach);
        }
    }

    // RFC 4760 §4: AFI (2), SAFI (1), Withdrawn Routes.
    private static void SplitUnreach(ReadOnlySpan<byte> value, int start, int end, ref DecodedUpdate update, ref UpdateVerdict verdict)
    {
        update.HasUnreach = true;
        update.UnreachStart = start;
        update.UnreachEnd = end;
        if (value.Length < MpUnreachMinimum)
        {
            verdict.Raise(UpdateErrorAction.SessionReset, UpdateSubcode.OptionalAttributeError, AttributeType.MpUnreach);
            return;
        }

        update.UnreachFamily = new AddressFamily((Afi)BinaryPrimitives.ReadUInt16BigEndian(value), (Safi)value[2]);
        update.UnreachNlri = value[MpUnreachMinimum..];
    }

    private static void WriteCanonical(
        scoped ReceivedAttributes attributes, in CodecProfile profile, scoped ReadOnlySpan<byte> mpNextHop, ref PathAttributesWriter writer)
    {
        if (!mpNextHop.IsEmpty)
        {
            attributes.Discard(AttributeType.NextHop); // seen, so that its turn comes
        }

        var type = AttributeType.None;
        while (attributes.TryMoveNext(ref type))
        {
            if (type == AttributeType.NextHop && !mpNextHop.IsEmpty)
            {
                writer.Append(type, mpNextHop);
            }
            else if (attributes.TryGet(type, out var value, out var flags))
            {
                var row = AttributeTable.Find(type);
                var canonicalFlags = AttributeInspector.CanonicalFlags(row, flags);
                if (row?.Normalize is { } normalize)
                {
                    normalize(type, canonicalFlags, attributes, profile, ref writer);
                }
                else
                {
                    writer.Append(type, canonicalFlags, value);
                }
            }
        }
    }

    // Flags, type and a length that fits what is left, then the value up to the NLRI.
    private static int WriteReachKey(in DecodedUpdate update, Span<byte> destination)
    {
        var attribute = update.AttributeBytes[update.ReachStart..update.ReachEnd];
        var isExtended = (attribute[0] & (byte)AttributeFlags.ExtendedLength) != 0;
        var headerLength = isExtended ? 4 : 3;
        var valueLength = MpReachMinimum + update.ReachNextHop.Length;
        attribute[..(headerLength + valueLength)].CopyTo(destination);
        if (isExtended)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)valueLength);
        }
        else
        {
            destination[2] = (byte)valueLength;
        }

        return headerLength + valueLength;
    }

    private static int CopyTo(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        source.CopyTo(destination);
        return source.Length;
    }
}
