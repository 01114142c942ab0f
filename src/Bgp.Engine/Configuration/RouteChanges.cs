using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// What a rule, or an own network, sets on a route. <c>null</c> and default arrays leave it as it is. Of each kind of communities the list is replaced first, then members are removed, then added.
/// </summary>
public sealed record RouteChanges
{
    public uint? LocalPref { get; init; }

    /// <summary>MULTI_EXIT_DISC; one that an export policy sets also leaves for another AS.</summary>
    public uint? Med { get; init; }

    public Origin? Origin { get; init; }

    public NextHopChange? NextHop { get; init; }

    /// <summary>Exactly these; empty removes all.</summary>
    public ImmutableArray<Community> Communities { get; init; }

    public ImmutableArray<Community> AddCommunities { get; init; }

    public ImmutableArray<CommunityPattern> RemoveCommunities { get; init; }

    public ImmutableArray<LargeCommunity> LargeCommunities { get; init; }

    public ImmutableArray<LargeCommunity> AddLargeCommunities { get; init; }

    public ImmutableArray<LargeCommunityPattern> RemoveLargeCommunities { get; init; }

    public ImmutableArray<ExtendedCommunity> ExtendedCommunities { get; init; }

    public ImmutableArray<ExtendedCommunity> AddExtendedCommunities { get; init; }

    public ImmutableArray<ExtendedCommunityPattern> RemoveExtendedCommunities { get; init; }

    /// <summary>AS numbers put in front of the path, the first of them foremost. On export our own AS goes before them.</summary>
    public ImmutableArray<Asn> Prepend { get; init; }

    /// <summary>Where a link-local next hop is: what the session says, no policy.</summary>
    internal int? InterfaceIndex { get; init; }

    /// <summary>ONLY_TO_CUSTOMER (RFC 9234 §5): what a session's role asks for, no policy.</summary>
    internal Asn? OnlyToCustomer { get; init; }

    /// <summary>Compared before all else in the decision, the greater the better; never leaves this router. Without: 0.</summary>
    public uint? Weight { get; init; }

    /// <summary>The metric of the route in our kernel, from 1: what import and the policies of the kernel set acts.</summary>
    public uint? KernelMetric { get; init; }

    /// <summary>Whether the kernel drops what goes to the destination (RFC 7999 §3.3), by import or the policies of the kernel; then the next hop need not be reached.</summary>
    public bool? Blackhole { get; init; }

    /// <summary>The share of traffic among equal paths, 1 to 256; never leaves this router. Without: 1.</summary>
    public ushort? EcmpWeight { get; init; }
}

/// <summary>What a policy makes of the next hop.</summary>
public enum NextHopChangeKind : byte
{
    /// <summary>Our own address on the session: on export only.</summary>
    Self,

    /// <summary>As it is: on export only.</summary>
    Keep,

    /// <summary>A given address.</summary>
    Address,
}

/// <summary>A next hop that a policy sets; <paramref name="Address"/> for <see cref="NextHopChangeKind.Address"/> only.</summary>
public readonly record struct NextHopChange(NextHopChangeKind Kind, IpAddress Address = default);
