using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// What the kernel shall do with a packet: a blackhole, or one or more ways. Immutable and interned by the engine, so that a million routes with the same next hops share one; compares by value.
/// </summary>
public sealed class Forwarding : IEquatable<Forwarding>
{
    public static readonly Forwarding Blackhole = new([]);

    // Worked out once: every table that it is looked up in asks.
    private readonly int _hash;

    public Forwarding(ImmutableArray<ForwardingHop> hops)
    {
        Hops = hops;
        _hash = HashOf(hops);
    }

    /// <summary>The ways in ascending order, each once; empty is a blackhole.</summary>
    public ImmutableArray<ForwardingHop> Hops { get; }

    public bool IsBlackhole => Hops.IsEmpty;

    public bool Equals(Forwarding? other) => ReferenceEquals(this, other) || (other is not null && other._hash == _hash && Hops.AsSpan().SequenceEqual(other.Hops.AsSpan()));

    public override bool Equals(object? obj) => Equals(obj as Forwarding);

    public override int GetHashCode() => _hash;

    private static int HashOf(ImmutableArray<ForwardingHop> hops)
    {
        var hash = 17L;
        foreach (var hop in hops)
        {
            hash = (hash * 31) + (long)hop.Gateway.High;
            hash = (hash * 31) + (long)hop.Gateway.Low;
            hash = (hash * 31) + hop.InterfaceIndex;
            hash = (hash * 31) + hop.Weight;
        }

        return (int)(hash ^ (hash >> 32));
    }
}

/// <summary>One way out: a gateway on an interface, with a weight from 1. <see cref="IpAddress.None"/> as gateway means that the destination is on the link.</summary>
public readonly record struct ForwardingHop(IpAddress Gateway, int InterfaceIndex, int Weight = 1, bool IsOnLink = false) : IComparable<ForwardingHop>
{
    public int CompareTo(ForwardingHop other)
    {
        var byGateway = Gateway.CompareTo(other.Gateway);
        if (byGateway != 0)
        {
            return byGateway;
        }

        var byInterface = InterfaceIndex.CompareTo(other.InterfaceIndex);
        return byInterface != 0 ? byInterface : Weight.CompareTo(other.Weight);
    }

    public static bool operator <(ForwardingHop left, ForwardingHop right) => left.CompareTo(right) < 0;
    public static bool operator >(ForwardingHop left, ForwardingHop right) => left.CompareTo(right) > 0;
    public static bool operator <=(ForwardingHop left, ForwardingHop right) => left.CompareTo(right) <= 0;
    public static bool operator >=(ForwardingHop left, ForwardingHop right) => left.CompareTo(right) >= 0;
}
