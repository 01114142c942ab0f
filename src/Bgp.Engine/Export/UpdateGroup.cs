using System.Runtime.InteropServices;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What a group was sent for a destination: the exported attributes (0: nothing) and the session whose route it is.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = 8)]
internal readonly record struct OutEntry(uint Attributes, ushort Source)
{
    public bool IsNone => Attributes == 0;
}

/// <summary>
/// One destination whose announcement changes. <see cref="Attributes"/> 0 is a withdrawal of what came from <see cref="Source"/>; <see cref="Owner"/> is the member whose address is the next
/// hop, 0 for none, and <see cref="PathId"/> our identifier of the path, 0 without ADD-PATH.
/// </summary>
internal readonly record struct OutChange(uint Destination, uint PathId, uint Attributes, ushort Source, ushort Owner)
{
    /// <summary>Withdrawals first, then by source and attribute set: what can share a message and an audience stands together.</summary>
    public ulong SortKey => Attributes == 0 ? ((ulong)Source << 32) | Owner : (1UL << 63) | ((ulong)Source << 32) | Attributes;

    public OutputAudience Audience => OutputAudience.AllBut(Source, Owner);
}

/// <summary>
/// Members that are sent the same bytes: one Adj-RIB-Out, one log. The entry of a destination says whose route it is; the member that sent that route, and a member whose address is its next hop,
/// are left out when the bytes are read, by audience.
/// </summary>
internal sealed class UpdateGroup(UpdateGroupKey key, AddressFamily family, RibContext context) : IDisposable
{
    private readonly UpdateGroupKey _key = key;

    private readonly IndexedArray<OutEntry> _entries = new();
    private readonly OutPathTable? _paths = key.Profile.AddPath(family) ? new OutPathTable() : null;

    // How much of what the group is sent a member is not: by the source's slot, and by the next hop's number.
    private (int All, int ToItself)[] _bySource = new (int, int)[8];
    private int[] _byNextHop = new int[8];
    private LastExport _lastExport;

    public ref readonly UpdateGroupKey Key => ref _key;

    public AddressFamily Family { get; } = family;

    /// <summary>Whether the members are sent several paths of a destination, each with an identifier (RFC 7911): then <see cref="Paths"/> is in use, else <see cref="Entry"/>.</summary>
    public bool HasAddPath => _paths is not null;

    /// <summary>Whether what it is sent depends on paths that are not best.</summary>
    public bool LooksAtAllPaths => HasAddPath || Key.RouteServerClient != 0;

    public OutputLog Log { get; } = new(context.Buffers);

    public ExportCache Cache { get; } = new();

    /// <summary>What the last route exported became, with a reference; only within one run over dirty destinations.</summary>
    public ref LastExport LastExport => ref _lastExport;

    /// <summary>Members by slot number, in the order of joining.</summary>
    public List<GroupMember> Members { get; } = [];

    /// <summary>Members of sessions that are over, until the transport has let go of their bytes.</summary>
    public List<GroupMember> Leaving { get; } = [];

    public List<CatchUp> CatchUps { get; } = [];

    /// <summary>Walks of other groups that compare with what this one was sent: until their first pass is over it stays.</summary>
    public List<CatchUp> Movers { get; } = [];

    /// <summary>The Adj-RIB-Out is being built by the first walk: entries are set without a change in the log.</summary>
    public bool IsBuilding { get; set; } = true;

    /// <summary>Destinations that the group is sent; with ADD-PATH their paths.</summary>
    public int EntryCount { get; private set; }

    /// <summary>Announcements that wait to be packed, then sorted in place.</summary>
    public List<OutChange> Changes { get; } = [];

    /// <summary>Withdrawals for one member: it sends the route itself now, or is its next hop.</summary>
    public List<(ushort Member, OutChange Withdrawal)> Targeted { get; } = [];

    /// <summary>Bytes were appended since the members were last woken.</summary>
    public bool HasNews { get; set; }

    /// <summary>Asks the processor to fetch an entry.</summary>
    public void PrefetchEntry(uint destination) => _entries.Prefetch(destination);

    public OutEntry Entry(uint destination) => _entries.Get(destination);

    public void SetEntry(uint destination, OutEntry entry)
    {
        ref var slot = ref _entries.Slot(destination);
        Recount(slot, entry);
        slot = entry;
    }

    /// <summary>With ADD-PATH: what the group was sent for the destination; the local path identifier is the place plus one.</summary>
    public ReadOnlySpan<OutPath> Paths(uint destination) => _paths is null ? [] : _paths.Of(destination);

    /// <summary>Replaces the paths that <see cref="RecountPaths"/> was told of.</summary>
    public void SetPaths(uint destination, ReadOnlySpan<OutPath> paths) => _paths!.Set(destination, paths);

    /// <summary>The destination's paths are about to be replaced; the sets of all of them are still there.</summary>
    public void RecountPaths(ReadOnlySpan<OutPath> had, ReadOnlySpan<OutPath> wanted)
    {
        for (var at = 0; at < Math.Max(had.Length, wanted.Length); at++)
        {
            Recount(at < had.Length ? had[at].Entry : default, at < wanted.Length ? wanted[at].Entry : default);
        }
    }

    /// <summary>Whether the group is sent anything for the destination.</summary>
    public bool Has(uint destination) => _paths is null ? !Entry(destination).IsNone : !Paths(destination).IsEmpty;

    /// <summary>How much of it a member is sent: not its own routes, and none with its own address as next hop, as <see cref="OutChange.Audience"/> has it.</summary>
    public int EntriesFor(PeerSlot member)
    {
        var (own, ownToItself) = member.Number < _bySource.Length ? _bySource[member.Number] : default;
        return EntryCount - own - (context.NextHopOwners.Of(member.Address) == member.Number ? EntriesBy(member.Address) - ownToItself : 0);
    }

    private int EntriesBy(in IpAddress nextHop)
    {
        var count = 0;
        for (var id = 0; id < _byNextHop.Length; id++)
        {
            count += _byNextHop[id] != 0 && context.NextHops[id].Address == nextHop ? _byNextHop[id] : 0;
        }

        return count;
    }

    /// <summary>As a rule a route changes but not where it comes from and leads to: then nothing is to be counted.</summary>
    private void Recount(OutEntry had, OutEntry wanted)
    {
        var isAsBefore = had == wanted
            || (!had.IsNone && !wanted.IsNone && had.Source == wanted.Source && context.Attributes[had.Attributes].NextHop == context.Attributes[wanted.Attributes].NextHop);
        if (!isAsBefore)
        {
            Count(had, -1);
            Count(wanted, 1);
        }
    }

    private void Count(OutEntry entry, int change)
    {
        if (entry.IsNone)
        {
            return;
        }

        EntryCount += change;
        if (entry.Source >= _bySource.Length)
        {
            Array.Resize(ref _bySource, Math.Max(entry.Source + 1, _bySource.Length * 2));
        }

        ref var source = ref _bySource[entry.Source];
        source.All += change;
        var nextHop = context.Attributes[entry.Attributes].NextHop;
        if (nextHop < 0)
        {
            return;
        }

        if (nextHop >= _byNextHop.Length)
        {
            Array.Resize(ref _byNextHop, Math.Max(nextHop + 1, _byNextHop.Length * 2));
        }

        _byNextHop[nextHop] += change;
        source.ToItself += context.NextHops[nextHop].Address == context.Slots[entry.Source]!.Address ? change : 0;
    }

    public void Dispose()
    {
        foreach (var catchUp in CatchUps)
        {
            catchUp.Dispose();
        }

        _entries.Dispose();
        _paths?.Dispose();
        Log.Release();
    }
}

/// <summary>A path's set and source, and the set that the group is sent of it; 0 for nothing.</summary>
internal readonly record struct LastExport(uint Effective, ushort Slot, uint Exported);

/// <summary>What a group makes of an attribute set and a source, remembered. Direct-mapped; grows once it is worth it. Entries hold no reference: the store is asked whether the sets still live.</summary>
internal sealed class ExportCache
{
    private const int FirstSize = 64;
    private const int MaxSize = 16384;

    /// <summary>Up to so many entries it grows with its misses alone; beyond that only where it also hits: of a full table each set comes once, and a large cache is then slow memory for nothing.</summary>
    private const int FreeSize = 1024;

    private Entry[] _entries = new Entry[FirstSize];
    private int _evictions;
    private int _hits;

    public bool TryGet(AttributeStore store, uint attributes, ushort source, int epoch, out uint exported)
    {
        ref var entry = ref Slot(attributes, source);
        exported = entry.Exported;
        var isFound = entry.Attributes == attributes
            && entry.Source == source
            && entry.Epoch == epoch
            && entry.Serial == store[attributes].Serial
            && (exported == 0 || store.IsAlive(exported, entry.ExportedSerial));
        _hits += isFound ? 1 : 0;
        return isFound;
    }

    public void Add(AttributeStore store, uint attributes, ushort source, int epoch, uint exported)
    {
        ref var entry = ref Slot(attributes, source);
        if (entry.Attributes != 0 && ++_evictions > _entries.Length && _entries.Length < MaxSize && (_entries.Length < FreeSize || _hits > _entries.Length / 4))
        {
            _entries = new Entry[_entries.Length * 4];
            _evictions = 0;
            _hits = 0;
            entry = ref Slot(attributes, source);
        }

        entry = new Entry(attributes, store[attributes].Serial, exported, exported == 0 ? 0 : store[exported].Serial, epoch, source);
    }

    private ref Entry Slot(uint attributes, ushort source) =>
        ref _entries[(int)((attributes * 0x9E3779B1u) ^ (source * 0x85EBCA77u)) & (_entries.Length - 1)];

    private readonly record struct Entry(uint Attributes, uint Serial, uint Exported, uint ExportedSerial, int Epoch, ushort Source);
}
