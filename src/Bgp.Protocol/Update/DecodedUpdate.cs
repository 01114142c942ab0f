namespace Bgp.Protocol;

/// <summary>An UPDATE taken apart by <see cref="UpdateDecoder.Split"/>. The spans point into the message's body; prefixes are not checked yet.</summary>
public ref struct DecodedUpdate
{
    /// <summary>What the structure costs; what the attributes cost is for <see cref="UpdateDecoder.Canonicalize"/> to say. With <see cref="UpdateErrorAction.SessionReset"/> nothing else here counts.</summary>
    public UpdateErrorAction Action { get; internal set; }

    /// <summary>The first reason of the strongest action.</summary>
    public BgpError Error { get; internal set; }

    /// <summary>The attribute at fault, <see cref="AttributeType.None"/> where it is not one.</summary>
    public AttributeType FaultyAttribute { get; internal set; }

    /// <summary>Withdrawn Routes: IPv4 unicast.</summary>
    public ReadOnlySpan<byte> Withdrawn { get; internal set; }

    /// <summary>Network Layer Reachability Information: IPv4 unicast.</summary>
    public ReadOnlySpan<byte> Announced { get; internal set; }

    /// <summary>The family of MP_REACH_NLRI, and with <see cref="UpdateErrorAction.DisableFamily"/> the one to disable.</summary>
    public AddressFamily ReachFamily { get; internal set; }

    /// <summary>The family of MP_UNREACH_NLRI.</summary>
    public AddressFamily UnreachFamily { get; internal set; }

    /// <summary>The NLRI of MP_REACH_NLRI.</summary>
    public ReadOnlySpan<byte> ReachNlri { get; internal set; }

    /// <summary>The NLRI of MP_UNREACH_NLRI.</summary>
    public ReadOnlySpan<byte> UnreachNlri { get; internal set; }

    public bool HasReach { get; internal set; }

    public bool HasUnreach { get; internal set; }

    /// <summary>Path Attributes as they stand in the message.</summary>
    public ReadOnlySpan<byte> AttributeBytes { get; internal set; }

    /// <summary>Network Address of Next Hop of MP_REACH_NLRI: 4, 16 or 32 octets where the family is ours.</summary>
    public ReadOnlySpan<byte> ReachNextHop { get; internal set; }

    // Where the two attributes stand in AttributeBytes, header included, for the raw key.
    internal int ReachStart { get; set; }
    internal int ReachEnd { get; set; }
    internal int UnreachStart { get; set; }
    internal int UnreachEnd { get; set; }

    /// <summary>Whether anything is announced.</summary>
    public readonly bool HasAnnouncement => !Announced.IsEmpty || !ReachNlri.IsEmpty;

    /// <summary>Whether it is an End-of-RIB marker: an empty UPDATE, or one with nothing but an empty MP_UNREACH_NLRI (RFC 4724 §2).</summary>
    public readonly bool IsEndOfRib(out AddressFamily family)
    {
        family = HasUnreach ? UnreachFamily : AddressFamily.Ipv4Unicast;
        return Action == UpdateErrorAction.None
            && Withdrawn.IsEmpty && Announced.IsEmpty && UnreachNlri.IsEmpty
            && AttributeBytes.Length == UnreachEnd - UnreachStart;
    }
}
