using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Bgp.Protocol;

/// <summary>
/// A row a capability: its number, its name, and the reader of its value. A reader that returns false says "not understood", and the
/// capability counts as unknown (RFC 5492 §3). To add one: a row, a reader here, and its writer in <see cref="CapabilitySetBuilder"/>.
/// </summary>
internal static class CapabilityTable
{
    private static readonly CapabilityRow[] Rows =
    [
        new(CapabilityCode.Multiprotocol, "multiprotocol", ReadMultiprotocol),
        new(CapabilityCode.RouteRefresh, "route-refresh", ReadRouteRefresh),
        new(CapabilityCode.RouteRefreshCisco, "route-refresh-cisco", ReadRouteRefresh),
        new(CapabilityCode.ExtendedNextHop, "extended-next-hop", ReadExtendedNextHop),
        new(CapabilityCode.ExtendedMessage, "extended-messages", ReadExtendedMessage),
        new(CapabilityCode.Role, "role", ReadRole),
        new(CapabilityCode.GracefulRestart, "graceful-restart", ReadGracefulRestart),
        new(CapabilityCode.FourOctetAs, "four-octet-as", ReadFourOctetAs),
        new(CapabilityCode.AddPath, "add-path", ReadAddPath),
        new(CapabilityCode.EnhancedRouteRefresh, "enhanced-route-refresh", ReadEnhancedRouteRefresh),
        new(CapabilityCode.LongLivedGracefulRestart, "long-lived-graceful-restart", ReadLongLived),
        new(CapabilityCode.Fqdn, "fqdn", ReadFqdn),
    ];

    public static CapabilityRow? Find(CapabilityCode code)
    {
        foreach (var row in Rows)
        {
            if (row.Code == code)
            {
                return row;
            }
        }

        return null;
    }

    public static string UnknownName(CapabilityCode code) => string.Create(CultureInfo.InvariantCulture, $"unknown-{(byte)code}");

    /// <summary>The layout that several capabilities share: AFI of 2 octets, one octet, SAFI of 1; the octet's place differs.</summary>
    private static AddressFamily ReadFamily(ReadOnlySpan<byte> value, int safiAt) =>
        new((Afi)BinaryPrimitives.ReadUInt16BigEndian(value), (Safi)value[safiAt]);

    // RFC 4760 §8: AFI (2), Reserved (1), SAFI (1).
    private static bool ReadMultiprotocol(ReadOnlySpan<byte> value, CapabilitySet set)
    {
        if (value.Length != 4)
        {
            return false;
        }

        var family = ReadFamily(value, safiAt: 3);
        if (!set.FamilyList.Contains(family))
        {
            set.FamilyList.Add(family);
        }

        return true;
    }

    private static bool ReadRouteRefresh(ReadOnlySpan<byte> value, CapabilitySet set) => set.RouteRefresh |= value.IsEmpty;

    private static bool ReadEnhancedRouteRefresh(ReadOnlySpan<byte> value, CapabilitySet set) => set.EnhancedRouteRefresh |= value.IsEmpty;

    private static bool ReadExtendedMessage(ReadOnlySpan<byte> value, CapabilitySet set) => set.ExtendedMessages |= value.IsEmpty;

    // RFC 8950 §4: entries of NLRI AFI (2), NLRI SAFI (2), Nexthop AFI (2).
    private static bool ReadExtendedNextHop(ReadOnlySpan<byte> value, CapabilitySet set)
    {
        if (value.IsEmpty || value.Length % 6 != 0)
        {
            return false;
        }

        for (; !value.IsEmpty; value = value[6..])
        {
            var safi = BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
            if (safi <= byte.MaxValue)
            {
                var family = new AddressFamily((Afi)BinaryPrimitives.ReadUInt16BigEndian(value), (Safi)safi);
                set.ExtendedNextHopList.Add(new ExtendedNextHopFamily(family, (Afi)BinaryPrimitives.ReadUInt16BigEndian(value[4..])));
            }
        }

        return true;
    }

    // RFC 9234 §4.1: one octet.
    private static bool ReadRole(ReadOnlySpan<byte> value, CapabilitySet set)
    {
        if (value.Length != 1)
        {
            return false;
        }

        var role = (BgpRole)value[0];
        set.HasConflictingRoles |= set.Role is { } earlier && earlier != role;
        set.Role ??= role;
        return true;
    }

    // RFC 4724 §3: Restart Flags (4 bits, R N), Restart Time (12 bits), then entries of AFI (2), SAFI (1), Flags (1, F).
    private static bool ReadGracefulRestart(ReadOnlySpan<byte> value, CapabilitySet set)
    {
        if (value.Length < 2 || (value.Length - 2) % 4 != 0)
        {
            return false;
        }

        var head = BinaryPrimitives.ReadUInt16BigEndian(value);
        var families = new GracefulRestartFamily[(value.Length - 2) / 4];
        for (var i = 0; i < families.Length; i++)
        {
            var entry = value.Slice(2 + (4 * i), 4);
            families[i] = new GracefulRestartFamily(ReadFamily(entry, safiAt: 2), (entry[3] & 0x80) != 0);
        }

        set.GracefulRestart = new GracefulRestartCapability(
            (head & 0x8000) != 0, (head & 0x4000) != 0, TimeSpan.FromSeconds(head & 0x0fff), families);
        return true;
    }

    // RFC 6793 §3: AS number (4).
    private static bool ReadFourOctetAs(ReadOnlySpan<byte> value, CapabilitySet set)
    {
        if (value.Length != 4)
        {
            return false;
        }

        set.FourOctetAs = new Asn(BinaryPrimitives.ReadUInt32BigEndian(value));
        return true;
    }

    // RFC 7911 §4: entries of AFI (2), SAFI (1), Send/Receive (1). A value out of range: the entry is ignored.
    private static bool ReadAddPath(ReadOnlySpan<byte> value, CapabilitySet set)
    {
        if (value.IsEmpty || value.Length % 4 != 0)
        {
            return false;
        }

        for (; !value.IsEmpty; value = value[4..])
        {
            var family = ReadFamily(value, safiAt: 2);
            var mode = (AddPathMode)value[3];
            if (mode is AddPathMode.Receive or AddPathMode.Send or AddPathMode.Both)
            {
                set.AddPathList.RemoveAll(entry => entry.Family == family);
                set.AddPathList.Add(new AddPathFamily(family, mode));
            }
        }

        return true;
    }

    // RFC 9494 §3.1: entries of AFI (2), SAFI (1), Flags (1, F), Long-Lived Stale Time (3).
    private static bool ReadLongLived(ReadOnlySpan<byte> value, CapabilitySet set)
    {
        if (value.Length % 7 != 0)
        {
            return false;
        }

        var families = new LongLivedFamily[value.Length / 7];
        for (var i = 0; i < families.Length; i++)
        {
            var entry = value.Slice(7 * i, 7);
            var seconds = BinaryPrimitives.ReadUInt32BigEndian(entry[3..]) & 0xffffff;
            families[i] = new LongLivedFamily(ReadFamily(entry, safiAt: 2), (entry[3] & 0x80) != 0, TimeSpan.FromSeconds(seconds));
        }

        set.LongLived = families;
        return true;
    }

    // draft-walton-bgp-hostname-capability-02 §2: Hostname Length (1), Hostname, Domain Name Length (1), Domain Name.
    private static bool ReadFqdn(ReadOnlySpan<byte> value, CapabilitySet set)
    {
        if (value.IsEmpty || value.Length < 2 + value[0])
        {
            return false;
        }

        var host = value.Slice(1, value[0]);
        var rest = value[(1 + host.Length)..];
        if (rest.Length < 1 + rest[0])
        {
            return false;
        }

        set.Fqdn = new FqdnCapability(Encoding.UTF8.GetString(host), Encoding.UTF8.GetString(rest.Slice(1, rest[0])));
        return true;
    }
}
