using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>Why a next hop is of no use.</summary>
public enum NextHopFault : byte
{
    None,

    /// <summary>The kernel has not told its routes yet.</summary>
    NoKernelState,

    /// <summary>Not an address that a packet can be sent to: unspecified, or multicast.</summary>
    NotUsable,

    /// <summary>An address of this router.</summary>
    OwnAddress,

    /// <summary>A link-local address whose interface is not known.</summary>
    NoInterface,

    /// <summary>No route covers it.</summary>
    NoRoute,

    /// <summary>Only a default route covers it, and those are not to be used.</summary>
    OnlyDefaultRoute,

    /// <summary>Every way of its route goes over a link that is down.</summary>
    LinkDown,

    /// <summary>Its route drops packets.</summary>
    Blackhole,

    /// <summary>Its route answers that it is unreachable.</summary>
    Unreachable,

    /// <summary>Its route answers that it is prohibited.</summary>
    Prohibited,
}

/// <summary>A tracked next hop and how the kernel would reach it.</summary>
internal readonly record struct NextHopEntry
{
    /// <summary>The address as received; IPv6 also under IPv4 routes (RFC 8950).</summary>
    public IpAddress Address { get; init; }

    /// <summary>The link-local address that came with a global one (RFC 2545 §3), or <see cref="IpAddress.None"/>.</summary>
    public IpAddress LinkLocal { get; init; }

    /// <summary>The interface of the session that it came over, 0 where that is not known.</summary>
    public int InterfaceHint { get; init; }

    public bool IsResolved => Fault == NextHopFault.None;

    public bool IsOwnAddress => Fault == NextHopFault.OwnAddress;

    public NextHopFault Fault { get; init; }

    /// <summary>The IGP cost: 0 on a connected link, else the metric of the kernel's route.</summary>
    public uint Metric { get; init; }

    /// <summary>The BGP route that it is reached by, <c>null</c> where the kernel's routes lead to it.</summary>
    public IpPrefix? Through { get; init; }

    /// <summary>Gateways and interfaces; equal ones are one object. <c>null</c> where it is not resolved, or assumed to be reachable.</summary>
    public Forwarding? Ways { get; init; }
}
