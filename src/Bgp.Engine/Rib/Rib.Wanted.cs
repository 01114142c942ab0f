using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What a group should be sent of a destination: whether the best path may pass to it (RFC 4271 §9.1.3, RFC 4456 §6, RFC 1997), and with which attributes.</summary>
internal sealed partial class Rib<TBits>
{
    /// <summary>What a message needs besides its attributes: header, lengths, what MP_REACH_NLRI adds, and one prefix.</summary>
    private const int PrefixRoom = 64;

    private const int AttributeHeader = 4;

    /// <summary>Dirty destinations are being visited: no path changes until that is over, so that what a group made of the last one is good for the next.</summary>
    private bool _isExporting;

    /// <summary>What the group should be sent for the destination, with a reference on the attributes.</summary>
    private OutEntry Wanted(UpdateGroup group, ref Destination<TBits> destination)
    {
        if (IsOriginatedFor(group, destination))
        {
            return new OutEntry(OriginatedFor(group), 0);
        }

        if (!destination.HasBest || (destination.Flags & DestinationFlags.Suppressed) != 0)
        {
            return default;
        }

        if (group.Key.RouteServerClient != 0)
        {
            return WantedByClient(group, ref destination);
        }

        ref var best = ref _table.Paths(ref destination)[0];
        var exported = _isExporting && !group.Key.Export.LooksAtPrefix
            ? ExportedAsBefore(group, best)
            : ExportedTo(group, DestinationTable<TBits>.PrefixOf(destination), best);
        return exported == 0 ? default : new OutEntry(exported, best.Slot);
    }

    /// <summary>
    /// What a route server's client is sent: the best of the paths that others have and that may pass to it, so that one it may not have does not hide the next best (RFC 7947 §2.3.2).
    /// </summary>
    private OutEntry WantedByClient(UpdateGroup group, ref Destination<TBits> destination)
    {
        var prefix = DestinationTable<TBits>.PrefixOf(destination);
        var eligible = Eligible(_table.Paths(ref destination));
        var count = 0;
        for (var at = 0; at < eligible.Length; at++)
        {
            if (ExportedTo(group, prefix, eligible[at]) is not 0 and var passes)
            {
                _context.Attributes.Release(passes);
                eligible[count++] = eligible[at];
            }
        }

        if (count == 0)
        {
            return default;
        }

        var best = eligible[_decision.Select(eligible[..count])];
        return new OutEntry(ExportedTo(group, prefix, best), best.Slot);
    }

    /// <summary>As <see cref="ExportedTo"/> where no rule looks at the prefix: routes come in runs of one set and source, which leave alike.</summary>
    private uint ExportedAsBefore(UpdateGroup group, in PathEntry path)
    {
        ref var last = ref group.LastExport;
        if (last.Effective != path.Effective || last.Slot != path.Slot || last.Exported == 0)
        {
            ForgetExport(group);
            last = new LastExport(path.Effective, path.Slot, ExportedTo(group, default, path));
        }

        if (last.Exported != 0)
        {
            _context.Attributes.AddReference(last.Exported);
        }

        return last.Exported;
    }

    /// <summary>Once paths change, another set may have the number of the one remembered.</summary>
    private void ForgetExport(UpdateGroup group)
    {
        if (group.LastExport.Exported != 0)
        {
            _context.Attributes.Release(group.LastExport.Exported);
        }

        group.LastExport = default;
    }

    /// <summary>The set that the group is sent of a path, with one more reference; 0 where the path may not pass. To a route server's client its own paths never pass.</summary>
    private uint ExportedTo(UpdateGroup group, in IpPrefix prefix, in PathEntry path)
    {
        var source = _context.Slots[path.Slot]!;
        var client = group.Key.RouteServerClient;
        if ((client != 0 && client == path.Slot)
            || StaysHere(_context.Attributes[path.Effective].Flags, group.Key)
            || !MayPass(source, group.Key)
            || !_context.Policy.TryApply(group.Key.Export, prefix, path.Effective, source, out var shaped))
        {
            return 0;
        }

        var exported = Exported(group, shaped, source);
        if (client != 0 && exported != 0 && _context.OwnerOfNextHop(exported) == client)
        {
            // It is never told its own address as next hop, and such a path must not hide the next best from it.
            _context.Attributes.Release(exported);
            return 0;
        }

        return exported;
    }

    /// <summary>What attributes say of where a route may go, before any policy: RFC 1997, RFC 9234 §5.</summary>
    private static bool StaysHere(AttributeSetFlags scope, in UpdateGroupKey key) =>
        (scope & AttributeSetFlags.NoAdvertise) != 0
        || (key.Session == SessionType.External && (scope & (AttributeSetFlags.NoExport | AttributeSetFlags.NoExportSubconfed)) != 0)
        || (key.Session == SessionType.Confederation && (scope & AttributeSetFlags.NoExportSubconfed) != 0)
        || ((scope & AttributeSetFlags.OnlyToCustomer) != 0 && key.Role is { } role && Roles.KeepsMarked(role));

    /// <summary>
    /// The rules of reflection, RFC 4456 §6: what came from a non-client goes to clients only, what came from a client to all; iBGP without them passes nothing on. Where clients hear of each
    /// other by themselves, that is so within their cluster: another one has its routes from here.
    /// </summary>
    private static bool MayPass(PeerSlot source, in UpdateGroupKey key)
    {
        if (source.Source != RouteSource.Internal || key.Session != SessionType.Internal)
        {
            return true;
        }

        return source.Cluster is null || key.Cluster is null ? source.Cluster != key.Cluster : key.ClientToClient || source.Cluster != key.Cluster;
    }

    private uint Exported(UpdateGroup group, uint attributes, PeerSlot source)
    {
        var store = _context.Attributes;
        if (group.Cache.TryGet(store, attributes, source.Number, _context.ExportEpoch, out var exported))
        {
            if (exported != 0)
            {
                store.AddReference(exported);
            }

            return exported;
        }

        ref readonly var key = ref group.Key;
        var length = ExportTransform.Write(_context, attributes, source, key, _context.Scratch);
        exported = CanCarry(new PathAttributes(_context.Scratch[..length]), key.Profile) ? store.Intern(_context.Scratch[..length]) : 0;
        group.Cache.Add(store, attributes, source.Number, _context.ExportEpoch, exported);
        return exported;
    }

    // RFC 8950 §4: an IPv6 next hop of IPv4 routes only where both sides said so. A set that leaves no room for one prefix cannot be announced (RFC 4271 §9.2).
    private bool CanCarry(in PathAttributes set, in CodecProfile profile) =>
        (Family.Afi == Afi.Ipv4 ? set.NextHop.IsV4 || profile.ExtendedNextHopIpv4 : set.NextHop.IsV6)
        && EncodedLength(set, profile) + PrefixRoom <= profile.MaxMessageLength;

    /// <summary>A close upper bound of the octets that a set takes in a message: to a speaker of two-octet AS numbers a wide path goes twice (RFC 6793 §4.2.2).</summary>
    private static int EncodedLength(in PathAttributes set, in CodecProfile profile)
    {
        var length = set.Canonical.Length;
        if (profile.FourOctetAs)
        {
            return length;
        }

        var isWide = false;
        foreach (var segment in set.AsPath)
        {
            length -= 2 * segment.Count;
            for (var at = 0; at < segment.Count && !isWide; at++)
            {
                isWide = !segment[at].FitsTwoOctets;
            }
        }

        return length + (isWide ? AttributeHeader + set.AsPath.Value.Length : 0) + (set.Aggregator is { Asn.FitsTwoOctets: false } ? AttributeHeader + 8 : 0);
    }
}
