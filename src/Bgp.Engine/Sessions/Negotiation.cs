using System.Buffers.Binary;
using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// What we offer in our OPEN, whether the peer's OPEN is acceptable, and what both together agree on. Pure functions of the settings and
/// the messages.
/// <para>RFC 4271 §4.2 and §6.2, RFC 4760 §8, RFC 5065 §4, RFC 5492, RFC 6286 §2, RFC 6793 §4.1, RFC 7911 §4, RFC 8654 §3, RFC 8950 §4, RFC 9234 §4. A capability is
/// offered only where its behaviour is complete.</para>
/// </summary>
internal static class Negotiation
{
    /// <summary>The hold time divided by this is the longest interval of KEEPALIVEs (RFC 4271 §4.4).</summary>
    private const int KeepalivesPerHoldTime = 3;

    /// <summary>Our OPEN.</summary>
    public static OpenMessage Offer(PeerSettings settings)
    {
        var neighbor = settings.Neighbor;
        var capabilities = new CapabilitySetBuilder();
        var addPaths = new List<AddPathFamily>();
        foreach (var family in neighbor.Families)
        {
            capabilities.Family(family.Family);
            var mode = (family.AddPathReceive ? AddPathMode.Receive : AddPathMode.None) | (family.AddPathSend > 0 ? AddPathMode.Send : AddPathMode.None);
            if (mode != AddPathMode.None)
            {
                addPaths.Add(new AddPathFamily(family.Family, mode));
            }
        }

        capabilities.RouteRefresh().EnhancedRouteRefresh().FourOctetAs(neighbor.LocalAsn).AddPath([.. addPaths]);
        if (neighbor.ExtendedMessages)
        {
            capabilities.ExtendedMessages();
        }

        if (neighbor.Role is { } role && neighbor.Type == SessionType.External)
        {
            capabilities.Role(role);
        }

        if (OffersExtendedNextHop(neighbor))
        {
            capabilities.ExtendedNextHop(new ExtendedNextHopFamily(AddressFamily.Ipv4Unicast, Afi.Ipv6));
        }

        var holdTime = (ushort)Math.Min(neighbor.HoldTime.TotalSeconds, ushort.MaxValue);
        return new OpenMessage(neighbor.LocalAsn, holdTime, settings.RouterId, capabilities.Build());
    }

    /// <summary>The error that the peer's OPEN earns by itself and by our settings, else <see cref="BgpError.None"/>.</summary>
    public static BgpError Check(OpenMessage remote, PeerSettings settings)
    {
        var neighbor = settings.Neighbor;
        if (!neighbor.AcceptsAsn(remote.Asn))
        {
            return BgpError.Open(OpenSubcode.BadPeerAs);
        }

        if (remote.RouterId.Value == 0 || (neighbor.Type == SessionType.Internal && remote.RouterId == settings.RouterId))
        {
            return BgpError.Open(OpenSubcode.BadBgpIdentifier);
        }

        if (remote.HoldTime is 1 or 2)
        {
            return BgpError.Open(OpenSubcode.UnacceptableHoldTime);
        }

        if (!Roles.Fits(neighbor, remote.Capabilities))
        {
            return BgpError.Open(OpenSubcode.RoleMismatch);
        }

        return CommonFamilies(remote, neighbor).IsEmpty ? BgpError.Open(OpenSubcode.UnsupportedCapability, WantedFamilies(neighbor)) : BgpError.None;
    }

    /// <summary>What an acceptable OPEN of the peer and ours agree on.</summary>
    public static NegotiatedSession Agree(OpenMessage local, OpenMessage remote, PeerSettings settings, in ConnectionEnds ends)
    {
        var neighbor = settings.Neighbor;
        var families = CommonFamilies(remote, neighbor);
        var holdTime = TimeSpan.FromSeconds(Math.Min(local.HoldTime, remote.HoldTime));
        var keepalive = holdTime / KeepalivesPerHoldTime;
        return new NegotiatedSession
        {
            LocalAsn = neighbor.LocalAsn,
            RemoteAsn = remote.Asn,
            Type = neighbor.Type,
            RemoteRouterId = remote.RouterId,
            Ends = ends,
            HoldTime = holdTime,
            Keepalive = neighbor.Keepalive is { } configured && configured > TimeSpan.Zero && configured < keepalive ? configured : keepalive,
            Families = families,
            Receive = Profile(local.Capabilities, remote.Capabilities, families, neighbor.Type),
            Send = Profile(remote.Capabilities, local.Capabilities, families, neighbor.Type),
            RouteRefresh = local.Capabilities.RouteRefresh && remote.Capabilities.RouteRefresh,
            EnhancedRouteRefresh = local.Capabilities.EnhancedRouteRefresh && remote.Capabilities.EnhancedRouteRefresh,
            RemoteCapabilities = remote.Capabilities,
        };
    }

    /// <summary>One direction: how the UPDATEs from <paramref name="sender"/> to <paramref name="receiver"/> are coded.</summary>
    private static CodecProfile Profile(CapabilitySet receiver, CapabilitySet sender, ImmutableArray<AddressFamily> families, SessionType type)
    {
        var flags = type switch
        {
            SessionType.External => CodecFlags.External,
            SessionType.Confederation => CodecFlags.External | CodecFlags.Confederation,
            _ => CodecFlags.None,
        };
        if (receiver.FourOctetAs is not null && sender.FourOctetAs is not null)
        {
            flags |= CodecFlags.FourOctetAs;
        }

        foreach (var family in families)
        {
            if (receiver.AddPathFor(family).HasFlag(AddPathMode.Receive) && sender.AddPathFor(family).HasFlag(AddPathMode.Send))
            {
                flags |= family == AddressFamily.Ipv4Unicast ? CodecFlags.AddPathIpv4 : CodecFlags.AddPathIpv6;
            }
        }

        if (families.Contains(AddressFamily.Ipv4Unicast)
            && receiver.HasExtendedNextHop(AddressFamily.Ipv4Unicast, Afi.Ipv6) && sender.HasExtendedNextHop(AddressFamily.Ipv4Unicast, Afi.Ipv6))
        {
            flags |= CodecFlags.ExtendedNextHopIpv4;
        }

        var isExtended = receiver.ExtendedMessages && sender.ExtendedMessages;
        return new CodecProfile(flags, isExtended ? BgpConstants.MaxExtendedMessageLength : BgpConstants.MaxMessageLength);
    }

    private static ImmutableArray<AddressFamily> CommonFamilies(OpenMessage remote, NeighborConfig neighbor) =>
        [.. neighbor.Families.Select(entry => entry.Family).Where(remote.Capabilities.HasFamily)];

    private static bool OffersExtendedNextHop(NeighborConfig neighbor) =>
        neighbor.ExtendedNextHop && neighbor.Key.Address.IsV6
        && neighbor.Families.Any(entry => entry.Family == AddressFamily.Ipv4Unicast)
        && neighbor.Families.Any(entry => entry.Family == AddressFamily.Ipv6Unicast);

    /// <summary>
    /// The capabilities that we miss, each as it stands in an OPEN (RFC 5492 §5): Code, Length, then AFI, Reserved, SAFI.
    /// </summary>
    private static byte[] WantedFamilies(NeighborConfig neighbor)
    {
        const int EntryLength = 6;
        var data = new byte[neighbor.Families.Length * EntryLength];
        for (var index = 0; index < neighbor.Families.Length; index++)
        {
            var entry = data.AsSpan(index * EntryLength, EntryLength);
            entry[0] = (byte)CapabilityCode.Multiprotocol;
            entry[1] = EntryLength - 2;
            BinaryPrimitives.WriteUInt16BigEndian(entry[2..], (ushort)neighbor.Families[index].Family.Afi);
            entry[5] = (byte)neighbor.Families[index].Family.Safi;
        }

        return data;
    }
}
