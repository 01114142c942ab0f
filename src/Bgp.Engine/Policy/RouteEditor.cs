using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>Applies <see cref="RouteChanges"/> to a canonical attribute set.</summary>
internal sealed class RouteEditor
{
    /// <summary>The attributes that a change may touch, ascending.</summary>
    private static readonly ImmutableArray<AttributeType> Edited =
    [
        AttributeType.None, AttributeType.Origin, AttributeType.AsPath, AttributeType.NextHop, AttributeType.MultiExitDisc, AttributeType.LocalPref, AttributeType.Communities,
        AttributeType.ExtendedCommunities, AttributeType.LargeCommunities, AttributeType.OnlyToCustomer,
    ];

    // Of one attribute's value: it may grow by what is prepended or added, and what then does not fit into a set is refused.
    private readonly byte[] _value = GC.AllocateUninitializedArray<byte>(4 * ushort.MaxValue);
    private readonly byte[] _previous = GC.AllocateUninitializedArray<byte>(4 * ushort.MaxValue);

    /// <summary>Writes the changed set; returns its length, or −1 when an attribute would grow too long.</summary>
    public int Write(in PathAttributes set, RouteChanges changes, bool isImport, Span<byte> destination)
    {
        var writer = new PathAttributesWriter(destination);
        var from = -1;
        foreach (var type in Edited)
        {
            CopyBetween(set, from, (int)type, ref writer);
            WriteOne(type, set, changes, isImport, ref writer);
            from = (int)type;
        }

        CopyBetween(set, from, byte.MaxValue + 1, ref writer);
        return writer.HasOverflowed ? -1 : writer.Length;
    }

    private static void CopyBetween(in PathAttributes set, int after, int before, ref PathAttributesWriter writer)
    {
        foreach (var attribute in set)
        {
            if ((int)attribute.Type > after && (int)attribute.Type < before)
            {
                writer.Append(attribute.Type, attribute.Flags, attribute.Value);
            }
        }
    }

    private void WriteOne(AttributeType type, in PathAttributes set, RouteChanges changes, bool isImport, ref PathAttributesWriter writer)
    {
        switch (type)
        {
            case AttributeType.None:
                WriteLocal(set, changes, isImport, ref writer);
                break;
            case AttributeType.Origin when changes.Origin is { } origin:
                writer.AppendByte(type, (byte)origin);
                break;
            case AttributeType.AsPath when !changes.Prepend.IsDefaultOrEmpty:
                WritePath(set, changes.Prepend, ref writer);
                break;
            case AttributeType.NextHop when changes.NextHop is { Kind: NextHopChangeKind.Address } nextHop:
                writer.AppendNextHop(nextHop.Address);
                break;
            case AttributeType.MultiExitDisc when changes.Med is { } med:
                writer.AppendUInt32(type, med);
                break;
            case AttributeType.LocalPref when changes.LocalPref is { } localPref:
                writer.AppendUInt32(type, localPref);
                break;
            case AttributeType.OnlyToCustomer when changes.OnlyToCustomer is { } mark:
                writer.AppendUInt32(type, mark.Value);
                break;
            case AttributeType.Communities when !changes.Communities.IsDefault || !changes.AddCommunities.IsDefault || !changes.RemoveCommunities.IsDefault:
                WriteCommunities<StandardCommunities, Community, CommunityPattern>(set, changes.Communities, changes.AddCommunities, changes.RemoveCommunities, ref writer);
                break;
            case AttributeType.LargeCommunities when !changes.LargeCommunities.IsDefault || !changes.AddLargeCommunities.IsDefault || !changes.RemoveLargeCommunities.IsDefault:
                WriteCommunities<LargeCommunities, LargeCommunity, LargeCommunityPattern>(
                    set, changes.LargeCommunities, changes.AddLargeCommunities, changes.RemoveLargeCommunities, ref writer);
                break;
            case AttributeType.ExtendedCommunities
                when !changes.ExtendedCommunities.IsDefault || !changes.AddExtendedCommunities.IsDefault || !changes.RemoveExtendedCommunities.IsDefault:
                WriteCommunities<ExtendedCommunities, ExtendedCommunity, ExtendedCommunityPattern>(
                    set, changes.ExtendedCommunities, changes.AddExtendedCommunities, changes.RemoveExtendedCommunities, ref writer);
                break;
            default:
                if (set.TryGet(type, out var value, out var flags))
                {
                    writer.Append(type, flags, value);
                }

                break;
        }
    }

    private static void WriteLocal(in PathAttributes set, RouteChanges changes, bool isImport, ref PathAttributesWriter writer)
    {
        var local = LocalValues.Of(set);
        var flags = local.Flags;
        if (!isImport)
        {
            flags |= changes.Med is null ? LocalFlags.None : LocalFlags.SetsMed;
            flags = changes.NextHop?.Kind switch
            {
                null => flags,
                NextHopChangeKind.Self => (flags & ~LocalFlags.NextHopKeep) | LocalFlags.NextHopSelf,
                _ => (flags & ~LocalFlags.NextHopSelf) | LocalFlags.NextHopKeep,
            };
        }

        flags |= changes.KernelMetric is null ? LocalFlags.None : LocalFlags.HasKernelMetric;
        flags = changes.Blackhole is { } drops && isImport ? (flags & ~LocalFlags.Blackhole) | (drops ? LocalFlags.Blackhole : LocalFlags.None) : flags;
        new LocalValues(
            changes.Weight ?? local.Weight,
            changes.EcmpWeight ?? local.EcmpWeight,
            flags,
            changes.InterfaceIndex ?? local.InterfaceIndex,
            changes.KernelMetric ?? local.KernelMetric).AppendTo(ref writer);
    }

    private void WritePath(in PathAttributes set, ImmutableArray<Asn> prepended, ref PathAttributesWriter writer)
    {
        var path = set.AsPath.Value;
        path.CopyTo(_previous);
        var length = path.Length;
        for (var at = prepended.Length - 1; at >= 0; at--)
        {
            // What an attribute cannot hold the writer refuses below.
            if (length + 6 > _value.Length)
            {
                break;
            }

            length = PathAttributesWriter.PrependAsPath(_previous.AsSpan(0, length), prepended[at], 1, _value);
            _value.AsSpan(0, length).CopyTo(_previous);
        }

        writer.Append(AttributeType.AsPath, _previous.AsSpan(0, length));
    }

    /// <summary>What is kept of the set's own members, or what stands for them, less what is removed, and what is added.</summary>
    private void WriteCommunities<TKind, T, TPattern>(
        in PathAttributes set, ImmutableArray<T> replaced, ImmutableArray<T> added, ImmutableArray<TPattern> removed, ref PathAttributesWriter writer)
        where TKind : ICommunityKind<T>
        where TPattern : struct, IPattern<T>
    {
        var length = 0;
        if (replaced.IsDefault && set.TryGet(TKind.Type, out var kept))
        {
            for (; !kept.IsEmpty; kept = kept[TKind.Length..])
            {
                Add<TKind, T, TPattern>(TKind.Read(kept), removed, ref length);
            }
        }

        foreach (var community in replaced.IsDefault ? [] : replaced)
        {
            Add<TKind, T, TPattern>(community, removed, ref length);
        }

        foreach (var community in added.IsDefault ? [] : added)
        {
            Add<TKind, T, TPattern>(community, default, ref length);
        }

        Finish(TKind.Type, TKind.Normalize(_value.AsSpan(0, length)), ref writer);
    }

    private void Add<TKind, T, TPattern>(T community, ImmutableArray<TPattern> removed, ref int length)
        where TKind : ICommunityKind<T>
        where TPattern : struct, IPattern<T>
    {
        if (!Patterns.Any(removed, community))
        {
            TKind.Write(community, _value.AsSpan(length));
            length += TKind.Length;
        }
    }

    private void Finish(AttributeType type, int length, ref PathAttributesWriter writer)
    {
        if (length > 0)
        {
            writer.Append(type, _value.AsSpan(0, length));
        }
    }
}
