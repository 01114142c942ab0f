using System.Buffers.Binary;
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
    private readonly SeededHash _hash = new(seed);
    private readonly Slab<AttributeSet> _sets = new();

    public int Count => _sets.Count;

    /// <summary>How many sets have a MED other than 0: while there are none, MED cannot break the order of paths.</summary>
    public int SetsWithMed { get; private set; }

    public ref AttributeSet this[uint index] => ref _sets[index];

    public PathAttributes View(uint index) => new(_sets[index].Bytes);

    public ulong Hash(ReadOnlySpan<byte> canonical) => _hash.Of(canonical);

    /// <summary>Asks the processor to fetch what a search for the set of a hash begins with.</summary>
    public void Prefetch(ulong hash) => _slots.Prefetch(hash);

    /// <summary>Asks it to fetch a set.</summary>
    public void Prefetch(uint index) => CacheLine.Fetch(_sets.Address(index));

    /// <summary>Asks it to fetch a set's octets.</summary>
    public void PrefetchBytes(uint index) => CacheLine.Fetch(_sets[index].Data);

    /// <summary>The set of these canonical bytes with one more reference.</summary>
    public uint Intern(ReadOnlySpan<byte> canonical) => Intern(canonical, Hash(canonical));

    /// <summary>As the other, where their hash is known.</summary>
    public uint Intern(ReadOnlySpan<byte> canonical, ulong hash)
    {
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

    /// <summary>One walk over the attributes: every new set is decoded, and in a full table most UPDATEs bring one.</summary>
    private void Decode(ref AttributeSet set)
    {
        var local = default(LocalValues);
        var view = new PathAttributes(set.Bytes);
        set.Origin = (byte)Origin.Incomplete;
        foreach (var attribute in view)
        {
            switch (attribute.Type)
            {
                case AttributeType.None:
                    local = LocalValues.Of(view);
                    break;
                case AttributeType.Origin:
                    set.Origin = attribute.Value[0];
                    break;
                case AttributeType.AsPath:
                    DecodePath(ref set, new AsPathView(attribute.Value));
                    break;
                case AttributeType.MultiExitDisc:
                    set.Med = BinaryPrimitives.ReadUInt32BigEndian(attribute.Value);
                    set.Flags |= AttributeSetFlags.HasMed;
                    SetsWithMed += set.Med != 0 ? 1 : 0;
                    break;
                case AttributeType.LocalPref:
                    set.LocalPref = BinaryPrimitives.ReadUInt32BigEndian(attribute.Value);
                    set.Flags |= AttributeSetFlags.HasLocalPref;
                    break;
                case AttributeType.Communities:
                    set.Flags |= Scopes(attribute.Value);
                    break;
                case AttributeType.OriginatorId:
                    set.OriginatorId = BinaryPrimitives.ReadUInt32BigEndian(attribute.Value);
                    set.Flags |= AttributeSetFlags.HasOriginatorId;
                    break;
                case AttributeType.ClusterList:
                    set.ClusterListLength = (ushort)(attribute.Value.Length / 4);
                    break;
                case AttributeType.OnlyToCustomer:
                    set.Flags |= AttributeSetFlags.OnlyToCustomer;
                    break;
            }
        }

        (set.Weight, set.EcmpWeight, set.KernelMetric) = (local.Weight, local.EcmpWeight, local.KernelMetric);
        set.Flags |= (local.Flags & LocalFlags.Blackhole) != 0 ? AttributeSetFlags.Blackhole : AttributeSetFlags.None;
        set.NextHop = view.NextHop is { IsNone: false } nextHop ? nextHops.Track(nextHop, view.LinkLocalNextHop, local.InterfaceIndex) : -1;
    }

    private static void DecodePath(ref AttributeSet set, AsPathView path)
    {
        set.AsPathLength = (ushort)path.Length;
        set.MemberPathLength = (ushort)path.LengthInConfederation;
        set.NeighborAs = path.NeighborAs?.Value ?? 0;
    }

    private static AttributeSetFlags Scopes(ReadOnlySpan<byte> communities)
    {
        var flags = AttributeSetFlags.None;
        for (; communities.Length >= 4; communities = communities[4..])
        {
            flags |= Scope(BinaryPrimitives.ReadUInt32BigEndian(communities));
        }

        return flags;
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
