namespace Bgp.Protocol;

/// <summary>Checks a value whose length the row allows; false where it is malformed.</summary>
internal delegate bool AttributeCheck(ReadOnlySpan<byte> value, in CodecProfile profile);

/// <summary>Appends the canonical form of a checked attribute.</summary>
internal delegate void AttributeNormalizer(
    AttributeType type, AttributeFlags flags, scoped ReceivedAttributes attributes, in CodecProfile profile, ref PathAttributesWriter writer);

/// <summary>From which peers an attribute is thrown away unread, and told as an attribute discard.</summary>
internal enum AttributeAcceptance : byte
{
    Always,

    /// <summary>Not from another AS (RFC 7606 §7.9, §7.10).</summary>
    InternalOnly,

    /// <summary>Not from another AS, but from other members of the confederation (RFC 7606 §7.5, RFC 5065 §4).</summary>
    InternalOrConfederation,

    /// <summary>Not from speakers of four-octet AS numbers (RFC 6793 §4.1).</summary>
    TwoOctetPeersOnly,
}

/// <summary>One attribute that we know: its shape, and what a malformed one costs.</summary>
/// <param name="Type">The attribute's number.</param>
/// <param name="Name">The name that its RFC gives it.</param>
/// <param name="Flags">Optional and Transitive as they must be.</param>
/// <param name="Unit">The length is a multiple of this.</param>
/// <param name="Minimum">The least length.</param>
/// <param name="Maximum">The greatest length.</param>
/// <param name="Malformed">What a bad length or value costs (RFC 7606 §7).</param>
/// <param name="InvalidValue">The subcode of a bad value.</param>
/// <param name="Acceptance">From whom it is taken.</param>
/// <param name="Check">What the length does not show; null where every value is good.</param>
/// <param name="Normalize">The canonical form; null where it is the value itself.</param>
internal sealed record AttributeRow(
    AttributeType Type,
    string Name,
    AttributeFlags Flags,
    int Unit,
    int Minimum,
    int Maximum,
    UpdateErrorAction Malformed,
    UpdateSubcode InvalidValue,
    AttributeAcceptance Acceptance = AttributeAcceptance.Always,
    AttributeCheck? Check = null,
    AttributeNormalizer? Normalize = null)
{
    public bool AllowsLength(int length) => length >= Minimum && length <= Maximum && (Unit <= 1 || length % Unit == 0);

    public bool IsAcceptedFrom(in CodecProfile profile) => Acceptance switch
    {
        AttributeAcceptance.InternalOnly => !profile.IsExternal,
        AttributeAcceptance.InternalOrConfederation => !profile.IsExternal || profile.IsConfederation,
        AttributeAcceptance.TwoOctetPeersOnly => !profile.FourOctetAs,
        _ => true,
    };
}
