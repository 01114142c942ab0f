using System.Runtime.InteropServices;

namespace Bgp.Engine;

/// <summary>
/// One interned attribute set: where its canonical bytes are, how often it is used, and the decoded decision key, so that best path compares integers. 64 bytes.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal unsafe struct AttributeSet
{
    /// <summary>The canonical bytes; overlaid by the slab's free list when the set is free.</summary>
    public byte* Data;
    public int Length;
    public uint References;

    /// <summary>Counts how often this index was given out, so that a cache can tell an old set from a new one.</summary>
    public uint Serial;
    public uint HashTag;
    public uint LocalPref;
    public uint Med;
    public uint NeighborAs;

    /// <summary>ORIGINATOR_ID, 0 where absent (RFC 4456 §8).</summary>
    public uint OriginatorId;

    /// <summary>The next hop's id in the <see cref="NextHopTable"/>, −1 where there is none.</summary>
    public int NextHop;
    public ushort AsPathLength;

    /// <summary>How many member ASes of our confederation are in it; they do not count in the other length.</summary>
    public ushort MemberPathLength;
    public ushort ClusterListLength;

    /// <summary>What policies attached: see <see cref="LocalValues"/>.</summary>
    public ushort EcmpWeight;
    public uint Weight;

    /// <summary>The metric that a policy gave it in the kernel, 0 where none did.</summary>
    public uint KernelMetric;
    public byte Origin;
    public AttributeSetFlags Flags;

    public readonly bool HasLocalPref => (Flags & AttributeSetFlags.HasLocalPref) != 0;

    public readonly ReadOnlySpan<byte> Bytes => new(Data, Length);
}

[Flags]
internal enum AttributeSetFlags : ushort
{
    None = 0,
    HasLocalPref = 1,
    HasMed = 2,
    NoExport = 4,
    NoAdvertise = 8,
    HasOriginatorId = 16,

    /// <summary>RFC 8326.</summary>
    GracefulShutdown = 32,

    /// <summary>RFC 9234 §5.</summary>
    OnlyToCustomer = 64,

    /// <summary>A policy has the kernel drop what goes there.</summary>
    Blackhole = 128,
    NoExportSubconfed = 256,
}
