using System.Runtime.InteropServices;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// The interned attribute sets: equal canonical bytes are one set, counted by the paths and Adj-RIB-Out entries that use it. A set with no user is freed at once; caches hold a set's
/// index with its serial and look whether it is still that one.
/// </summary>
internal sealed unsafe class AttributeStore(ulong seed, NextHopTable nextHops) : IDisposable
{
    private readonly HashSlots _slots = new();
    private readonly Slab<AttributeSet> _sets = new();

    public int Count => _sets.Count;

    /// <summary>How many sets have a MED other than 0: while there are none, MED cannot break the order of paths.</summary>
    public int SetsWithMed { get; private set; }

    public ref AttributeSet this[uint index] => ref _sets[index];

    public PathAttributes View(uint index) => new(_sets[index].Bytes);

    /// <summary>The set of these canonical bytes with one more reference.</summary>
    public uint Intern(ReadOnlySpan<byte> canonical)
    {
        var hash = SeededHash.Of(seed, canonical);
        for (var probe = _slots.Start(hash); _slots.Next(ref probe, out var candidate);)
        {
            if (_sets[candidate].Bytes.SequenceEqual(canonical))
            {
                _sets[candidate].References++;
                return candidate;
            }
        }

        var index = _sets.Allocate();
        ref var set = ref _sets[index];
        var serial = set.Serial + 1;
        set = new AttributeSet
        {
            Data = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, canonical.Length)),
            Length = canonical.Length,
            References = 1,
            Serial = serial,
            HashTag = (uint)hash,
        };
        canonical.CopyTo(new Span<byte>(set.Data, canonical.Length));
        Decode(ref set);
        _slots.Add(hash, index);
        return index;
    }

    public void AddReference(uint index) => _sets[index].References++;

    public void Release(uint index)
    {
        ref var set = ref _sets[index];
        if (--set.References > 0)
        {
            return;
        }

        _slots.Remove(set.HashTag, index);
        if (set.NextHop >= 0)
        {
            nextHops.Release(set.NextHop);
        }

        if (set.Med != 0)
        {
            SetsWithMed--;
        }

        NativeMemory.Free(set.Data);
        _sets.Free(index);
    }

    /// <summary>Whether the index still names the set that had this serial.</summary>
    public bool IsAlive(uint index, uint serial) => _sets[index] is { References: > 0 } set && set.Serial == serial;

    public void Dispose()
    {
        for (uint index = 1; index < _sets.End; index++)
        {
            if (_sets[index].References > 0)
            {
                NativeMemory.Free(_sets[index].Data);
            }
        }

        _slots.Dispose();
        _sets.Dispose();
    }

    private void Decode(ref AttributeSet set)
    {
        var view = new PathAttributes(set.Bytes);
        var path = view.AsPath;
        set.AsPathLength = (ushort)path.Length;
        set.MemberPathLength = (ushort)path.LengthInConfederation;
        set.NeighborAs = path.NeighborAs?.Value ?? 0;
        set.Origin = (byte)view.Origin;
        var local = LocalValues.Of(view);
        (set.Weight, set.EcmpWeight, set.KernelMetric) = (local.Weight, local.EcmpWeight, local.KernelMetric);
        set.Flags |= (local.Flags & LocalFlags.Blackhole) != 0 ? AttributeSetFlags.Blackhole : AttributeSetFlags.None;
        if (view.LocalPref is { } localPref)
        {
            set.LocalPref = localPref;
            set.Flags |= AttributeSetFlags.HasLocalPref;
        }

        if (view.Med is { } med)
        {
            set.Med = med;
            set.Flags |= AttributeSetFlags.HasMed;
            SetsWithMed += med != 0 ? 1 : 0;
        }

        if (view.OriginatorId is { } originator)
        {
            set.OriginatorId = originator.Value;
            set.Flags |= AttributeSetFlags.HasOriginatorId;
        }

        set.Flags |= view.OnlyToCustomer is null ? AttributeSetFlags.None : AttributeSetFlags.OnlyToCustomer;
        set.ClusterListLength = view.TryGet(AttributeType.ClusterList, out var clusters) ? (ushort)(clusters.Length / 4) : (ushort)0;
        if (view.TryGet(AttributeType.Communities, out var communities))
        {
            for (; communities.Length >= 4; communities = communities[4..])
            {
                set.Flags |= Scope(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(communities));
            }
        }

        set.NextHop = view.NextHop.IsNone ? -1 : nextHops.Track(view.NextHop, view.LinkLocalNextHop, local.InterfaceIndex);
    }

    private static AttributeSetFlags Scope(uint community) => community switch
    {
        0xFFFFFF01 => AttributeSetFlags.NoExport,
        0xFFFFFF02 => AttributeSetFlags.NoAdvertise,
        0xFFFFFF03 => AttributeSetFlags.NoExportSubconfed,
        0xFFFF0000 => AttributeSetFlags.GracefulShutdown,
        _ => AttributeSetFlags.None,
    };
}
