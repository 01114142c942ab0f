using System.Buffers.Binary;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What a policy said that whoever acts on the route after it must know.</summary>
[Flags]
internal enum LocalFlags : byte
{
    None = 0,

    /// <summary>The MED is the policy's: it leaves for another AS too.</summary>
    SetsMed = 1,

    /// <summary>Our own address as the next hop.</summary>
    NextHopSelf = 2,

    /// <summary>The next hop stays as it is.</summary>
    NextHopKeep = 4,

    /// <summary>The route has a metric in the kernel, 0 too.</summary>
    HasKernelMetric = 8,

    /// <summary>The kernel is to drop what goes there.</summary>
    Blackhole = 16,
}

/// <summary>
/// What a policy, or the session that it came over, attaches to a route that never leaves this router. In a canonical set it stands as attribute 0, which is reserved and which no peer can bring in; where all is as without a
/// policy it is absent. Nothing writes it into an UPDATE.
/// </summary>
/// <param name="Weight">Compared before all else in the decision, the greater the better.</param>
/// <param name="EcmpWeight">The share of traffic among equal paths; 0 is not set, and counts as 1.</param>
/// <param name="Flags">For the transform, and what is there.</param>
/// <param name="InterfaceIndex">Where a link-local next hop is, or over which a redistributed route leads; 0 is not known.</param>
/// <param name="KernelMetric">With <see cref="LocalFlags.HasKernelMetric"/> the metric that a redistributed route has in the kernel, or another one is to have.</param>
internal readonly record struct LocalValues(uint Weight, ushort EcmpWeight, LocalFlags Flags, int InterfaceIndex, uint KernelMetric)
{
    private const int Length = 15;

    public static LocalValues Of(in PathAttributes set) => set.TryGet(AttributeType.None, out var value)
        ? new LocalValues(BinaryPrimitives.ReadUInt32BigEndian(value), BinaryPrimitives.ReadUInt16BigEndian(value[4..]), (LocalFlags)value[6], BinaryPrimitives.ReadInt32BigEndian(value[7..]), BinaryPrimitives.ReadUInt32BigEndian(value[11..]))
        : default;

    public void AppendTo(ref PathAttributesWriter writer)
    {
        if (this == default)
        {
            return;
        }

        Span<byte> value = stackalloc byte[Length];
        BinaryPrimitives.WriteUInt32BigEndian(value, Weight);
        BinaryPrimitives.WriteUInt16BigEndian(value[4..], EcmpWeight);
        value[6] = (byte)Flags;
        BinaryPrimitives.WriteInt32BigEndian(value[7..], InterfaceIndex);
        BinaryPrimitives.WriteUInt32BigEndian(value[11..], KernelMetric);
        writer.Append(AttributeType.None, AttributeFlags.Optional, value);
    }
}
