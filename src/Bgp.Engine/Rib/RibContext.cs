using System.Buffers.Binary;
using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>What the two families of a route engine share. Owned by the engine's lane.</summary>
internal sealed unsafe class RibContext : IDisposable
{
    public RibContext(ulong seed, EngineLimits limits)
    {
        Seed = seed;
        Limits = limits;
        NextHops = new NextHopTable(new NextHopOptions { Recursion = (nextHop, in address, kernelLength) => Recursion?.Find(nextHop, address, kernelLength) });
        Attributes = new AttributeStore(SeededHash.Mix(seed, 0x9e3779b97f4a7c15), NextHops);
        Cache = new AttributeCache(SeededHash.Mix(seed, 0xd1b54a32d192ed03), Attributes);
        Policy = new PolicyEvaluator(this);
    }

    /// <summary>Combinations that are kept for sharing; past it they start anew, which costs memory and nothing else.</summary>
    private const int MaxCombined = 65536;

    /// <summary>rtnh_hops holds the weight less one in an octet.</summary>
    private const int MaxWeight = 256;

    private const int ScratchLength = MaxCanonicalLength + BgpConstants.MaxExtendedMessageLength;

    private byte* _scratch = (byte*)NativeArena.Allocate(ScratchLength);
    private readonly HashSet<Forwarding> _combined = [];
    private readonly List<ForwardingHop> _hops = [];

    public ulong Seed { get; }

    public EngineLimits Limits { get; }

    public NextHopTable NextHops { get; }

    /// <summary>The configured routes that go before those of neighbors; set before the first route comes.</summary>
    public StaticRoutes? Statics { get; set; }

    /// <summary>What leads to next hops over BGP routes; set before the first route comes.</summary>
    public RouteRecursion? Recursion { get; set; }

    /// <summary>What this router originates; set before the first route comes.</summary>
    public LocalRoutes? Locals { get; set; }

    /// <summary>Prefixes that default routes wait for; set before the first route comes.</summary>
    public RouteConditions? Conditions { get; set; }

    public AttributeStore Attributes { get; }

    public AttributeCache Cache { get; }

    public PolicyCompiler Policies { get; } = new();

    public PolicyEvaluator Policy { get; }

    /// <summary>Which of the neighbors' best routes go into the kernel.</summary>
    public PolicyProgram FibPolicy { get; set; } = null!;

    public OutputSegmentPool Buffers { get; } = new();

    /// <summary>By slot number; 0 is the speaker itself.</summary>
    public List<PeerSlot?> Slots { get; } = [null];

    /// <summary>Whose addresses next hops are.</summary>
    public NextHopOwners NextHopOwners { get; } = new();

    public SpeakerConfig Config { get; set; } = null!;

    /// <summary>The ids of all clusters that this router reflects for, its own first of all, sorted.</summary>
    public ImmutableArray<RouterId> Clusters { get; set; } = [];

    /// <summary>Whether the kernel's routes were ever ours to write: from then on the FIB is told of every change, so that it does not keep in mind, while it is off, what is gone when it is on again.</summary>
    public bool HasForwarded { get; set; }

    /// <summary>Changes when cached export results are out of date: a slot was given out anew, a kernel or configuration fact changed.</summary>
    public int ExportEpoch { get; set; }

    /// <summary>The effects of the present <c>Apply</c>.</summary>
    public EffectBuffer<EngineEffect> Effects { get; set; } = null!;

    /// <summary>Destinations that the present <see cref="EngineInputKind.Work"/> has looked at, counted where it looks.</summary>
    public int Visited { get; set; }

    public Instant Now { get; set; }

    public uint NowSeconds => (uint)(Now.Microseconds / 1_000_000);

    /// <summary>A buffer for one canonical attribute set. Unmanaged, so that of its many pages only those are there that were ever written.</summary>
    public Span<byte> Scratch => new(_scratch, MaxCanonicalLength);

    /// <summary>As that, for the raw attributes of one UPDATE.</summary>
    public Span<byte> RawKey => new(_scratch + MaxCanonicalLength, BgpConstants.MaxExtendedMessageLength);

    /// <summary>Bytes that a canonical set may have: those of a message and what export adds.</summary>
    public const int MaxCanonicalLength = 2 * 65535;

    /// <summary>The set of a route of our own without anything special, with one more reference.</summary>
    public uint InternOwn()
    {
        var writer = new PathAttributesWriter(Scratch);
        writer.AppendByte(AttributeType.Origin, (byte)Origin.Igp);
        writer.Append(AttributeType.AsPath, []);
        return Attributes.Intern(writer.Written);
    }

    /// <summary>The set of an aggregate, with one more reference: what it sums up is told by ATOMIC_AGGREGATE and our AGGREGATOR (RFC 4271 §5.1.6, §5.1.7), not by a path.</summary>
    public uint InternAggregate(Origin origin)
    {
        Span<byte> aggregator = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(aggregator, Config.OutsideAsn.Value);
        BinaryPrimitives.WriteUInt32BigEndian(aggregator[4..], Config.RouterId.Value);
        var writer = new PathAttributesWriter(Scratch);
        writer.AppendByte(AttributeType.Origin, (byte)origin);
        writer.Append(AttributeType.AsPath, []);
        writer.Append(AttributeType.AtomicAggregate, []);
        writer.Append(AttributeType.Aggregator, aggregator);
        return Attributes.Intern(writer.Written);
    }

    /// <summary>The session whose address is the next hop of a set, else −1.</summary>
    public int OwnerOfNextHop(uint attributes)
    {
        var nextHop = Attributes[attributes].NextHop;
        return nextHop < 0 ? -1 : NextHopOwners.Of(NextHops[nextHop].Address);
    }

    /// <summary>
    /// The ways of several next hops in one, each gateway once; interned, so that equal ones are the same object. A next hop's share is split among its ways as its route says, and counts up to
    /// the kernel's greatest weight.
    /// </summary>
    public Forwarding Combine(List<WeightedNextHop> nextHops)
    {
        _hops.Clear();
        foreach (var (nextHop, share) in nextHops)
        {
            foreach (var hop in NextHops[nextHop].Ways?.Hops ?? [])
            {
                var weighted = hop with { Weight = Math.Min(hop.Weight * share, MaxWeight) };
                var place = _hops.FindIndex(other => other.Gateway == hop.Gateway && other.InterfaceIndex == hop.InterfaceIndex);
                if (place < 0)
                {
                    _hops.Add(weighted);
                }
                else if (_hops[place].Weight < weighted.Weight)
                {
                    _hops[place] = weighted;
                }
            }
        }

        _hops.Sort();
        var combined = new Forwarding([.. _hops]);
        if (_combined.TryGetValue(combined, out var known))
        {
            return known;
        }

        if (_combined.Count == MaxCombined)
        {
            _combined.Clear();
        }

        _combined.Add(combined);
        return combined;
    }

    public void Dispose()
    {
        Policy.Dispose();
        Cache.Dispose();
        Attributes.Dispose();
        if (_scratch is not null)
        {
            NativeArena.Free(_scratch, ScratchLength);
            _scratch = null;
        }
    }
}

/// <summary>A next hop by its number in the <see cref="NextHopTable"/>, and its share of the traffic from 1.</summary>
internal readonly record struct WeightedNextHop(int NextHop, int Share);
