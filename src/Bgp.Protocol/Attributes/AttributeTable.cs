using System.Buffers.Binary;
using System.Globalization;

namespace Bgp.Protocol;

/// <summary>
/// A row an attribute: shape, cost of a fault, from whom it is taken, check and canonical form. Called by <see cref="UpdateDecoder"/> for
/// what comes in and by <see cref="PathAttributesWriter"/> for the flags of what goes out. To add an attribute: a row, and where its value
/// needs them a check and a normalizer. MP_REACH_NLRI and MP_UNREACH_NLRI have no row: they are no attributes of a route, and
/// <see cref="UpdateDecoder.Split"/> takes them apart. The costs are RFC 7606 §7's, RFC 6793 §6's, RFC 8092 §6's and RFC 9234 §5's.
/// AIGP has no row, so that it is dropped as RFC 7311 §3.2 wants where it is not enabled.
/// </summary>
internal static class AttributeTable
{
    private const AttributeFlags WellKnown = AttributeFlags.Transitive;
    private const AttributeFlags OptionalTransitive = AttributeFlags.Optional | AttributeFlags.Transitive;
    private const AttributeFlags OptionalNonTransitive = AttributeFlags.Optional;
    private const int Any = ushort.MaxValue;

    private static readonly AttributeRow?[] Rows = ByType(
    [
        new(AttributeType.Origin, "ORIGIN", WellKnown, 1, 1, 1,
            UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.InvalidOrigin, Check: IsOrigin),
        new(AttributeType.AsPath, "AS_PATH", WellKnown, 1, 0, Any,
            UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.MalformedAsPath, Check: IsAsPath, Normalize: NormalizeAsPath),
        new(AttributeType.NextHop, "NEXT_HOP", WellKnown, 1, 4, 4,
            UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.InvalidNextHop, Check: IsNextHop),
        new(AttributeType.MultiExitDisc, "MULTI_EXIT_DISC", OptionalNonTransitive, 1, 4, 4,
            UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.OptionalAttributeError),
        new(AttributeType.LocalPref, "LOCAL_PREF", WellKnown, 1, 4, 4,
            UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.AttributeLengthError, AttributeAcceptance.InternalOrConfederation),
        new(AttributeType.AtomicAggregate, "ATOMIC_AGGREGATE", WellKnown, 1, 0, 0,
            UpdateErrorAction.AttributeDiscard, UpdateSubcode.AttributeLengthError),
        new(AttributeType.Aggregator, "AGGREGATOR", OptionalTransitive, 2, 6, 8,
            UpdateErrorAction.AttributeDiscard, UpdateSubcode.OptionalAttributeError, Check: IsAggregator, Normalize: NormalizeAggregator),
        new(AttributeType.Communities, "COMMUNITIES", OptionalTransitive, 4, 4, Any,
            UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.OptionalAttributeError, Normalize: NormalizeCommunities),
        new(AttributeType.OriginatorId, "ORIGINATOR_ID", OptionalNonTransitive, 1, 4, 4,
            UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.OptionalAttributeError, AttributeAcceptance.InternalOnly),
        new(AttributeType.ClusterList, "CLUSTER_LIST", OptionalNonTransitive, 4, 4, Any,
            UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.OptionalAttributeError, AttributeAcceptance.InternalOnly),
        new(AttributeType.ExtendedCommunities, "EXTENDED_COMMUNITIES", OptionalTransitive, 8, 8, Any,
            UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.OptionalAttributeError, Normalize: NormalizeExtendedCommunities),
        new(AttributeType.As4Path, "AS4_PATH", OptionalTransitive, 2, 6, Any,
            UpdateErrorAction.AttributeDiscard, UpdateSubcode.OptionalAttributeError,
            AttributeAcceptance.TwoOctetPeersOnly, IsAs4Path, NormalizeNothing),
        new(AttributeType.As4Aggregator, "AS4_AGGREGATOR", OptionalTransitive, 1, 8, 8,
            UpdateErrorAction.AttributeDiscard, UpdateSubcode.OptionalAttributeError,
            AttributeAcceptance.TwoOctetPeersOnly, IsAs4Aggregator, NormalizeNothing),
        new(AttributeType.Ipv6ExtendedCommunities, "IPV6_EXTENDED_COMMUNITIES", OptionalTransitive, 20, 20, Any,
            UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.OptionalAttributeError, Normalize: NormalizeIpv6ExtendedCommunities),
        new(AttributeType.LargeCommunities, "LARGE_COMMUNITY", OptionalTransitive, 12, 12, Any,
            UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.OptionalAttributeError, Normalize: NormalizeLargeCommunities),
        new(AttributeType.OnlyToCustomer, "ONLY_TO_CUSTOMER", OptionalTransitive, 1, 4, 4,
            UpdateErrorAction.TreatAsWithdraw, UpdateSubcode.OptionalAttributeError),
    ]);

    /// <summary>The row of a type; null where we do not know it.</summary>
    public static AttributeRow? Find(AttributeType type) => Rows[(byte)type];

    /// <summary>The name of any type, <c>attribute N</c> where we do not know it.</summary>
    public static string Name(AttributeType type) => type switch
    {
        AttributeType.MpReach => "MP_REACH_NLRI",
        AttributeType.MpUnreach => "MP_UNREACH_NLRI",
        _ => Find(type)?.Name ?? string.Create(CultureInfo.InvariantCulture, $"attribute {(byte)type}"),
    };

    private static AttributeRow?[] ByType(ReadOnlySpan<AttributeRow> rows)
    {
        var table = new AttributeRow?[byte.MaxValue + 1];
        foreach (var row in rows)
        {
            table[(byte)row.Type] = row;
        }

        return table;
    }

    private static bool IsOrigin(ReadOnlySpan<byte> value, in CodecProfile profile) => value[0] <= (byte)Origin.Incomplete;

    private static bool IsAsPath(ReadOnlySpan<byte> value, in CodecProfile profile) =>
        AsPathCodec.IsWellFormed(value, profile.AsnSize, allowConfederation: !profile.IsExternal || profile.IsConfederation)
        && (!(profile.IsExternal && profile.IsConfederation) || StartsWithMember(value));

    /// <summary>RFC 5065 §5: what another member AS sends begins with the member ASes that it passed.</summary>
    private static bool StartsWithMember(ReadOnlySpan<byte> value) => !value.IsEmpty && (AsPathSegmentType)value[0] == AsPathSegmentType.AsConfedSequence;

    private static bool IsNextHop(ReadOnlySpan<byte> value, in CodecProfile profile) => NextHops.IsUsable(IpAddress.FromBytes(value));

    private static bool IsAggregator(ReadOnlySpan<byte> value, in CodecProfile profile) =>
        value.Length == profile.AsnSize + 4 && value[..profile.AsnSize].ContainsAnyExcept((byte)0);

    private static bool IsAs4Path(ReadOnlySpan<byte> value, in CodecProfile profile) =>
        AsPathCodec.IsWellFormed(value, asnSize: 4, allowConfederation: true);

    private static bool IsAs4Aggregator(ReadOnlySpan<byte> value, in CodecProfile profile) => value[..4].ContainsAnyExcept((byte)0);

    private static void NormalizeAsPath(
        AttributeType type, AttributeFlags flags, scoped ReceivedAttributes attributes, in CodecProfile profile, ref PathAttributesWriter writer)
    {
        attributes.TryGet(type, out var value);
        if (profile.FourOctetAs)
        {
            writer.Append(type, flags, value);
            return;
        }

        // RFC 6793 §4.2.3: an AGGREGATOR that is not AS_TRANS says that a speaker of two octets made it, and then AS4_PATH is stale.
        var hasAs4Path = attributes.TryGet(AttributeType.As4Path, out var as4Path) && !IsAggregatedWithTwoOctets(attributes);
        var bound = AsPathCodec.WidenedLength(value) + (hasAs4Path ? as4Path.Length : 0);
        if (writer.TryBegin(type, flags, bound, out var target))
        {
            writer.End(hasAs4Path ? AsPathCodec.Merge(value, as4Path, target) : AsPathCodec.Widen(value, target));
        }
    }

    private static void NormalizeAggregator(
        AttributeType type, AttributeFlags flags, scoped ReceivedAttributes attributes, in CodecProfile profile, ref PathAttributesWriter writer)
    {
        attributes.TryGet(type, out var value);
        if (!profile.FourOctetAs && attributes.TryGet(AttributeType.As4Aggregator, out var as4Aggregator) && !IsAggregatedWithTwoOctets(attributes))
        {
            value = as4Aggregator;
        }

        if (value.Length == 8)
        {
            writer.Append(type, flags, value);
        }
        else if (writer.TryBegin(type, flags, 8, out var target))
        {
            BinaryPrimitives.WriteUInt32BigEndian(target, BinaryPrimitives.ReadUInt16BigEndian(value));
            value[2..].CopyTo(target[4..]);
            writer.End(8);
        }
    }

    private static bool IsAggregatedWithTwoOctets(scoped ReceivedAttributes attributes) =>
        attributes.TryGet(AttributeType.As4Aggregator, out _)
        && attributes.TryGet(AttributeType.Aggregator, out var aggregator)
        && BinaryPrimitives.ReadUInt16BigEndian(aggregator) != Asn.Trans.Value;

    private static void NormalizeCommunities(
        AttributeType type, AttributeFlags flags, scoped ReceivedAttributes attributes, in CodecProfile profile, ref PathAttributesWriter writer)
    {
        if (TryCopy(type, flags, attributes, ref writer, out var target))
        {
            writer.End(CommunityLists.Normalize(target));
        }
    }

    private static void NormalizeExtendedCommunities(
        AttributeType type, AttributeFlags flags, scoped ReceivedAttributes attributes, in CodecProfile profile, ref PathAttributesWriter writer)
    {
        if (TryCopy(type, flags, attributes, ref writer, out var target))
        {
            writer.End(CommunityLists.NormalizeExtended(target));
        }
    }

    private static void NormalizeLargeCommunities(
        AttributeType type, AttributeFlags flags, scoped ReceivedAttributes attributes, in CodecProfile profile, ref PathAttributesWriter writer)
    {
        if (TryCopy(type, flags, attributes, ref writer, out var target))
        {
            writer.End(CommunityLists.NormalizeLarge(target));
        }
    }

    private static void NormalizeIpv6ExtendedCommunities(
        AttributeType type, AttributeFlags flags, scoped ReceivedAttributes attributes, in CodecProfile profile, ref PathAttributesWriter writer)
    {
        if (TryCopy(type, flags, attributes, ref writer, out var target))
        {
            writer.End(CommunityLists.NormalizeIpv6Extended(target));
        }
    }

    /// <summary>AS4_PATH and AS4_AGGREGATOR live on in what they were merged into.</summary>
    private static void NormalizeNothing(
        AttributeType type, AttributeFlags flags, scoped ReceivedAttributes attributes, in CodecProfile profile, ref PathAttributesWriter writer)
    {
    }

    private static bool TryCopy(
        AttributeType type, AttributeFlags flags, scoped ReceivedAttributes attributes, ref PathAttributesWriter writer, out Span<byte> target)
    {
        attributes.TryGet(type, out var value);
        if (!writer.TryBegin(type, flags, value.Length, out target))
        {
            return false;
        }

        value.CopyTo(target);
        return true;
    }
}
