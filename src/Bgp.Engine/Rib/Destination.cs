using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bgp.Engine;

/// <summary>
/// One prefix with all its paths: one cache line. Up to two paths stand in the line itself; more move, all of them, into a block of contiguous ones, named by <see cref="Overflow"/>, and leave their place to <see cref="OverflowSlots"/>.
/// The best path, where there is one, is the first. Layout for IPv6 (IPv4 leaves 12 bytes unused): bits 16, length 1, flags 1, path count 2, overflow 4, paths 2 × 20.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = 64)]
internal struct Destination<TBits>
    where TBits : unmanaged
{
    public const int InlinePaths = 2;

    public TBits Bits;
    public byte Length;
    public DestinationFlags Flags;
    public ushort PathCount;
    public uint Overflow;
    public PathEntry First;
    public PathEntry Second;

    /// <summary>Where paths stand in a block: a set of the sessions that may have one, by <see cref="SlotBit"/>. It lies where the first path would stand.</summary>
    public ulong OverflowSlots
    {
        readonly get => Unsafe.ReadUnaligned<ulong>(in Unsafe.As<PathEntry, byte>(ref Unsafe.AsRef(in First)));
        set => Unsafe.WriteUnaligned(ref Unsafe.As<PathEntry, byte>(ref First), value);
    }

    /// <summary>The bit of a session in a set of 64: sessions whose numbers differ by a multiple of that share one.</summary>
    public static ulong SlotBit(ushort slot) => 1UL << (slot & 63);

    public readonly bool HasBest => (Flags & DestinationFlags.HasBest) != 0;
}

[Flags]
internal enum DestinationFlags : byte
{
    None = 0,

    /// <summary>The first path is the best one.</summary>
    HasBest = 1,

    /// <summary>It waits for export.</summary>
    Dirty = 2,

    /// <summary>In use: a free slab entry has not this flag.</summary>
    Live = 4,

    /// <summary>It contributes to an aggregate that is announced in its place.</summary>
    Suppressed = 8,
}

/// <summary>One path of a destination, 20 bytes: attribute sets by index in the store, the session that sent it by slot.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = 20)]
internal struct PathEntry
{
    /// <summary>The set as received, normalised by the class of the peer.</summary>
    public uint Received;

    /// <summary>The set that import policy left; the decision and export use this one.</summary>
    public uint Effective;

    /// <summary>The peer's path identifier; 0 without ADD-PATH.</summary>
    public uint PathId;

    /// <summary>When it was received, in seconds of the engine's time.</summary>
    public uint ReceivedAt;

    /// <summary>The session slot of the sender.</summary>
    public ushort Slot;

    public PathFlags Flags;

    /// <summary>What makes it ineligible, else <see cref="PathReason.None"/>.</summary>
    public PathReason Reason;
}

[Flags]
internal enum PathFlags : byte
{
    None = 0,

    /// <summary>Two bits: in which refresh of the session (modulo four) it was last announced (RFC 7313).</summary>
    RefreshMask = 3,

    /// <summary>It shares the destination's traffic with the best path, over a next hop that no path before it has.</summary>
    Multipath = 4,

    Stale = 8,
}
