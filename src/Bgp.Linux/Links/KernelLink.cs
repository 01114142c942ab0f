using System.Net.NetworkInformation;

namespace Bgp.Linux;

/// <summary>A network device of a namespace.</summary>
public sealed record KernelLink
{
    private const LinkFlags Working = LinkFlags.Up | LinkFlags.Running | LinkFlags.LowerUp;

    public required int Index { get; init; }

    public required string Name { get; init; }

    public LinkFlags Flags { get; init; }

    /// <summary>The index of the bridge or bond that it is a port of, or 0.</summary>
    public int MasterIndex { get; init; }

    /// <summary>The driver's name, such as <c>veth</c> or <c>bridge</c>; empty for devices without one (loopback, physical).</summary>
    public string Kind { get; init; } = "";

    /// <summary>The largest packet in bytes.</summary>
    public int Mtu { get; init; }

    /// <summary>The hardware address; empty where the device has none.</summary>
    public PhysicalAddress HardwareAddress { get; init; } = PhysicalAddress.None;

    public bool IsUp => (Flags & LinkFlags.Up) != 0;

    /// <summary>
    /// Up, operational and with carrier: routes over it work. The kernel updates "operational" with a delay, the carrier at once, hence both.
    /// </summary>
    public bool IsRunning => (Flags & Working) == Working;
}
