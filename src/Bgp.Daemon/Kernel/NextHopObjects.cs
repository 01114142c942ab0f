using System.Collections.Immutable;
using Bgp.Engine;
using Bgp.Linux;

namespace Bgp.Daemon;

/// <summary>
/// Which nexthop objects of the kernel stand for which ways. Pure: it is told what the kernel has and what was refused, and says what to make and what to remove; the writer's thread owns it.
/// <para>
/// One way is one object; several are a group of such. An object is found by what it does, not by a number that we would have to remember: so those of an earlier run serve again, and one whose
/// members died with their device stands for what is left of it, as soon as the kernel's list is read again.
/// </para>
/// <para>
/// Ours are those that carry our protocol and a number of our range: the tag <c>0x5</c>, twelve bits made of table and protocol, and a counter; so two daemons with different marks never
/// meet. A number that somebody else took is passed over. Numbers below the tag are where other programs and the kernel itself count from.
/// </para>
/// </summary>
internal sealed class NextHopObjects
{
    private const uint Tag = 0x5000_0000;
    private const int CounterBits = 16;
    private const uint CounterMask = (1u << CounterBits) - 1;

    private readonly Dictionary<uint, NextHopObject> _all = [];
    private readonly Dictionary<uint, Forwarding> _own = [];
    private readonly Dictionary<Forwarding, uint> _ids = [];

    // Those of ours that routes refer to, not only groups; and among them those that routes refer to which are ours but not as we write them now.
    private readonly HashSet<uint> _used = [];
    private readonly HashSet<uint> _pinned = [];
    private uint _last;

    /// <summary>How many are ours.</summary>
    public int Count => _own.Count;

    /// <summary>Takes the kernel's list in place of what was known. Those that were ours stay ours, whatever the marks say now.</summary>
    public void Learn(IReadOnlyList<NextHopObject> found, FibConfig marks)
    {
        var before = _own.Keys.ToHashSet();
        _all.Clear();
        _own.Clear();
        _ids.Clear();
        foreach (var nextHop in found)
        {
            _all[nextHop.Id] = nextHop;
        }

        // Ascending, so that of two alike it is always the same that serves.
        foreach (var nextHop in found.OrderBy(nextHop => nextHop.Id))
        {
            var isOurs = before.Contains(nextHop.Id) || ((byte)nextHop.Protocol == marks.Protocol && (nextHop.Id & ~CounterMask) == RangeOf(marks));
            if (isOurs)
            {
                Own(nextHop.Id, Read(nextHop));
            }
        }

        _used.IntersectWith(_own.Keys);
        _pinned.IntersectWith(_own.Keys);
    }

    /// <summary>The ways that an object stands for, as a route would list them; empty for a blackhole and for what is not known.</summary>
    public ImmutableArray<KernelHop> HopsOf(uint id)
    {
        if (!_all.TryGetValue(id, out var nextHop) || nextHop.IsBlackhole)
        {
            return [];
        }

        return nextHop.IsGroup
            ? [.. nextHop.Members.Where(member => _all.TryGetValue(member.Id, out var single) && !single.IsBlackhole).Select(member => Hop(_all[member.Id], member.Weight))]
            : [Hop(nextHop, 1)];
    }

    /// <summary>Our object for some ways, 0 where there is none.</summary>
    public uint Find(Forwarding forwarding) => _ids.GetValueOrDefault(forwarding);

    /// <summary>
    /// The object for some ways of a route. What must be made first is appended to <paramref name="made"/>, members before their group, and counts as there from now on. False where objects cannot
    /// say it (a blackhole, a way without a gateway) or all numbers are taken.
    /// </summary>
    public bool TryUse(Forwarding forwarding, FibConfig marks, List<NextHopObject> made, out uint id)
    {
        var isFound = TryFind(forwarding, marks, made, out id);
        if (isFound)
        {
            _used.Add(id);
        }

        return isFound;
    }

    /// <summary>The kernel refused to make it, or it is gone.</summary>
    public void Forget(uint id)
    {
        if (_own.Remove(id, out var forwarding) && _ids.GetValueOrDefault(forwarding) == id)
        {
            _ids.Remove(forwarding);
        }

        _all.Remove(id);
        _used.Remove(id);
        _pinned.Remove(id);
    }

    /// <summary>What to remove, groups before their members, because no route has these ways any more.</summary>
    public IReadOnlyList<uint> Retire(IReadOnlyCollection<Forwarding> retired)
    {
        foreach (var forwarding in retired)
        {
            // Of several alike that other runs left, each goes.
            foreach (var (id, ways) in _own)
            {
                if (ways.Equals(forwarding) && !_pinned.Contains(id))
                {
                    _used.Remove(id);
                }
            }
        }

        return TakeUnused(static _ => true);
    }

    /// <summary>Takes what a whole dump under these marks showed, and says what to remove, groups before their members: what of the marks' objects no route refers to.</summary>
    /// <param name="marks">Whose routes the dump showed.</param>
    /// <param name="referenced">The objects that its routes refer to.</param>
    /// <param name="pinned">Those among them that routes refer to which the reconciler does not hold by their ways.</param>
    public IReadOnlyList<uint> TakeDump(FibConfig marks, IReadOnlySet<uint> referenced, IReadOnlySet<uint> pinned)
    {
        _pinned.Clear();
        _pinned.UnionWith(pinned.Where(_own.ContainsKey));
        _used.RemoveWhere(id => IsOf(marks, id));
        _used.UnionWith(referenced.Where(_own.ContainsKey));

        // Routes under marks that were ours before are not in the dump.
        return TakeUnused(id => IsOf(marks, id));
    }

    /// <summary>The first number of the range of a daemon with these marks.</summary>
    internal static uint RangeOf(FibConfig marks) => Tag | (((marks.Table * 31) + marks.Protocol) & 0xFFF) << CounterBits;

    private bool IsOf(FibConfig marks, uint id) => (id & ~CounterMask) == RangeOf(marks) && _all.TryGetValue(id, out var nextHop) && (byte)nextHop.Protocol == marks.Protocol;

    private List<uint> TakeUnused(Func<uint, bool> mayGo)
    {
        var groups = _own.Keys.Where(id => _all[id].IsGroup && !_used.Contains(id) && mayGo(id)).Order().ToList();
        groups.ForEach(Forget);
        var members = _all.Values.SelectMany(nextHop => nextHop.Members).Select(member => member.Id).ToHashSet();
        var singles = _own.Keys.Where(id => !_all[id].IsGroup && !_used.Contains(id) && !members.Contains(id) && mayGo(id)).Order().ToList();
        singles.ForEach(Forget);
        return [.. groups, .. singles];
    }

    private bool TryFind(Forwarding forwarding, FibConfig marks, List<NextHopObject> made, out uint id)
    {
        if (_ids.TryGetValue(forwarding, out id))
        {
            return true;
        }

        if (forwarding.IsBlackhole || forwarding.Hops.Any(hop => hop.Gateway.IsNone))
        {
            return false;
        }

        if (forwarding.Hops is [var only])
        {
            return TryMake(forwarding, marks, made, out id, number => Single(number, only, marks));
        }

        var members = new List<NextHopMember>(forwarding.Hops.Length);
        foreach (var hop in forwarding.Hops)
        {
            if (!TryFind(new Forwarding([hop with { Weight = 1 }]), marks, made, out var member))
            {
                return false;
            }

            members.Add(new NextHopMember(member, Math.Clamp(hop.Weight, 1, KernelNextHop.MaxWeight)));
        }

        return TryMake(forwarding, marks, made, out id, number => new NextHopObject { Id = number, Protocol = (RouteProtocol)marks.Protocol, Members = members });
    }

    private bool TryMake(Forwarding forwarding, FibConfig marks, List<NextHopObject> made, out uint id, Func<uint, NextHopObject> make)
    {
        var range = RangeOf(marks);
        for (var tries = 0u; tries < CounterMask; tries++)
        {
            _last = _last == CounterMask ? 1 : _last + 1;
            id = range | _last;
            if (!_all.ContainsKey(id))
            {
                var nextHop = make(id);
                _all.Add(id, nextHop);
                Own(id, forwarding);
                made.Add(nextHop);
                return true;
            }
        }

        id = 0;
        return false;
    }

    private void Own(uint id, Forwarding? forwarding)
    {
        // What stands for nothing that we would write (its members are gone) is ours to remove all the same.
        _own[id] = forwarding ?? Forwarding.Blackhole;
        if (forwarding is not null)
        {
            _ids.TryAdd(forwarding, id);
        }
    }

    private static NextHopObject Single(uint id, ForwardingHop hop, FibConfig marks) => new()
    {
        Id = id,
        Protocol = (RouteProtocol)marks.Protocol,
        Gateway = hop.Gateway,
        InterfaceIndex = hop.InterfaceIndex,
        Flags = hop.IsOnLink ? NextHopFlags.OnLink : NextHopFlags.None,
    };

    private Forwarding? Read(NextHopObject nextHop)
    {
        var hops = HopsOf(nextHop.Id).Select(hop => new ForwardingHop(hop.Gateway, hop.InterfaceIndex, hop.Weight, hop.IsOnLink)).Order().ToImmutableArray();
        return hops.IsEmpty || hops.Any(hop => hop.Gateway.IsNone) ? null : new Forwarding(hops.Length == 1 ? [hops[0] with { Weight = 1 }] : hops);
    }

    private static KernelHop Hop(NextHopObject single, int weight) => new(
        single.Gateway,
        single.InterfaceIndex,
        weight,
        (single.Flags & NextHopFlags.OnLink) != 0,
        (single.Flags & (NextHopFlags.Dead | NextHopFlags.LinkDown)) != 0);
}
