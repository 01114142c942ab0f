using System.Runtime.CompilerServices;

namespace Bgp.Protocol;

/// <summary>Checks the attributes of a section by their rows, but for MP_REACH_NLRI and MP_UNREACH_NLRI, which <see cref="UpdateDecoder.Split"/> checks.</summary>
internal static class AttributeInspector
{
    private const AttributeFlags Category = AttributeFlags.Optional | AttributeFlags.Transitive;

    /// <summary>Checks without keeping what is good.</summary>
    [SkipLocalsInit]
    public static void Inspect(ReadOnlySpan<byte> section, in CodecProfile profile, bool ignoreNextHop, ref UpdateVerdict verdict)
    {
        Span<int> index = stackalloc int[ReceivedAttributes.IndexLength];
        Span<ulong> map = stackalloc ulong[ReceivedAttributes.MapLength];
        Inspect(section, profile, ignoreNextHop, new ReceivedAttributes(section, index, map), ref verdict);
    }

    /// <summary>Checks, and keeps in <paramref name="attributes"/> what goes into the canonical set.</summary>
    public static void Inspect(
        ReadOnlySpan<byte> section, in CodecProfile profile, bool ignoreNextHop, in ReceivedAttributes attributes, ref UpdateVerdict verdict)
    {
        var reader = new AttributeReader(section);
        var start = 0;
        while (reader.TryRead(out var type, out var flags, out var value))
        {
            var isIgnored = type is AttributeType.MpReach or AttributeType.MpUnreach || (ignoreNextHop && type == AttributeType.NextHop);
            if (isIgnored)
            {
                start = reader.Position;
                continue;
            }

            if (attributes.HasSeen(type))
            {
                // RFC 7606 §3 g: all but the first are discarded.
                verdict.Raise(UpdateErrorAction.AttributeDiscard, UpdateSubcode.MalformedAttributeList, type);
            }
            else if (IsKept(type, flags, value, section[start..reader.Position], profile, ref verdict))
            {
                attributes.Keep(type, start);
            }
            else
            {
                attributes.Discard(type);
            }

            start = reader.Position;
        }

        if (reader.IsTruncated)
        {
            verdict.Raise(UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.AttributeLengthError, AttributeType.None);
        }
    }

    /// <summary>RFC 7606 §3 d. LOCAL_PREF may be absent on iBGP: the decision takes the default for it.</summary>
    public static void RequireMandatory(in ReceivedAttributes attributes, bool useMpNextHop, ref UpdateVerdict verdict)
    {
        Require(AttributeType.Origin, attributes, ref verdict);
        Require(AttributeType.AsPath, attributes, ref verdict);
        if (!useMpNextHop)
        {
            Require(AttributeType.NextHop, attributes, ref verdict);
        }
    }

    /// <summary>The flags in canonical form: as the row has them, Partial kept where it means something; unknown ones become Partial (RFC 4271 §5).</summary>
    public static AttributeFlags CanonicalFlags(AttributeRow? row, AttributeFlags flags) => row switch
    {
        null => Category | AttributeFlags.Partial,
        { Flags: Category } => Category | (flags & AttributeFlags.Partial),
        _ => row.Flags,
    };

    private static void Require(AttributeType type, in ReceivedAttributes attributes, ref UpdateVerdict verdict)
    {
        if (!attributes.Contains(type))
        {
            verdict.Raise(UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.MissingWellKnownAttribute, type);
        }
    }

    private static bool IsKept(
        AttributeType type, AttributeFlags flags, ReadOnlySpan<byte> value, ReadOnlySpan<byte> attribute, in CodecProfile profile, ref UpdateVerdict verdict)
    {
        var row = AttributeTable.Find(type);
        if (row is null)
        {
            return IsUnknownKept(type, flags, attribute, ref verdict);
        }

        if (!row.IsAcceptedFrom(profile))
        {
            verdict.Raise(UpdateErrorAction.AttributeDiscard, UpdateSubcode.MalformedAttributeList, type);
            return false;
        }

        if ((flags & Category) != row.Flags)
        {
            verdict.Raise(UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.AttributeFlagsError, type); // RFC 7606 §3 c
            return false;
        }

        if (!row.AllowsLength(value.Length))
        {
            verdict.Raise(row.Malformed, UpdateSubcode.AttributeLengthError, type);
            return false;
        }

        if (row.Check is { } check && !check(value, profile))
        {
            verdict.Raise(row.Malformed, row.InvalidValue, type);
            return false;
        }

        return true;
    }

    // RFC 4271 §5, §6.3: unknown and well-known is fatal, optional transitive goes on, optional non-transitive is quietly ignored.
    private static bool IsUnknownKept(AttributeType type, AttributeFlags flags, ReadOnlySpan<byte> attribute, ref UpdateVerdict verdict)
    {
        if ((flags & AttributeFlags.Optional) == 0)
        {
            verdict.Raise(UpdateErrorAction.SessionReset, UpdateSubcode.UnrecognizedWellKnownAttribute, type, attribute.ToArray());
            return false;
        }

        // Type 0 is reserved (IANA): no peer's business, and in canonical form this router's own.
        return (flags & AttributeFlags.Transitive) != 0 && type != AttributeType.None;
    }
}
