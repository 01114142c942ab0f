using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Announces what others put into the kernel: the subnets of our interfaces' addresses, and routes of other programs.
/// <para>
/// In: the configuration, and what the kernel tells of links, addresses and routes. Out: local routes by <see cref="LocalOrigin.Redistribution"/>. Called by the route engine. Nothing of it
/// goes into the kernel, which has it already.
/// </para>
/// <para>
/// Redistributions are tried in their order, and for each of them the prefix's routes, the least metric first: the first that its interfaces and its policy let pass is announced, with ORIGIN
/// incomplete, the kernel's metric as MED where it is not 0, and the metric and the interface for policies to ask about. A route counts while one of its ways is up.
/// </para>
/// <para>
/// An event costs what its own prefixes cost and marks them; they are judged in bounded steps. What concerns all (a snapshot, a link that came or went, a reload) is a walk that goes round
/// once from where it stands, so that a link that flaps keeps nothing from being looked at.
/// </para>
/// </summary>
internal sealed class Redistributor(RibContext context, KernelView kernel, LocalRoutes locals)
{
    private readonly KernelCandidates[] _families =
    [
        new(isV6: false, SeededHash.Mix(context.Seed, 0x2545f4914f6cdd1d)),
        new(isV6: true, SeededHash.Mix(context.Seed, 0x6c8e9cf570932bd5)),
    ];

    // Our routes' protocol, and those that they had before a reload: what carries one is ours, or was just now.
    private readonly HashSet<byte> _ownProtocols = [];
    private ImmutableArray<(RedistributionConfig Config, PolicyProgram Policy)> _redistributions = [];
    private ImmutableArray<uint> _tables = [];
    private bool _takesAddresses;
    private uint _defaultLocalPref;

    // The walk: where it is, how many numbers it has still to look at, and whether it judges all or only what changed.
    private (int Family, int Number) _walk;
    private long _walkLeft;
    private bool _walkJudgesAll;

    /// <summary>Whether <see cref="Work"/> has something to do.</summary>
    public bool HasWork => _walkLeft > 0 || _families[0].DirtyCount + _families[1].DirtyCount > 0;

    /// <summary>The tables whose routes the configuration asks for, ascending.</summary>
    public static ImmutableArray<uint> TablesOf(SpeakerConfig config) =>
        [.. config.Redistributions.Where(static one => one.Source == RedistributionSource.Kernel).Select(static one => one.Table).Distinct().Order()];

    public void Configure(SpeakerConfig config)
    {
        var isNewProtocol = _ownProtocols.Add(config.Fib.Protocol);
        ImmutableArray<(RedistributionConfig, PolicyProgram)> wanted = [.. config.Redistributions.Select(one => (one, context.Policies.CompileForLocal(one.Policy)))];
        var isSame = !isNewProtocol && _defaultLocalPref == config.DefaultLocalPref && wanted.Length == _redistributions.Length && wanted.Zip(_redistributions).All(static pair => IsSame(pair.First, pair.Second));
        _redistributions = wanted;
        _defaultLocalPref = config.DefaultLocalPref;
        if (isSame)
        {
            return;
        }

        _tables = TablesOf(config);
        var takesAddresses = config.Redistributions.Any(static one => one.Source == RedistributionSource.Connected);
        if (takesAddresses && !_takesAddresses)
        {
            // Addresses are always told; the routes of a new table come with a snapshot that is asked for.
            foreach (var subnet in kernel.Addresses().Select(SubnetOf).Where(static subnet => MayLeave(subnet.Prefix)))
            {
                Of(subnet.Prefix).Put(subnet);
            }
        }

        _takesAddresses = takesAddresses;
        StartWalk(judgesAll: true);
    }

    /// <summary>Takes the news in. Called before <see cref="KernelView"/> takes it in, whose state of before tells what is new of a link.</summary>
    public void Apply(KernelUpdate update)
    {
        if (_redistributions.IsEmpty && _families[0].Limit + _families[1].Limit == 0)
        {
            return;
        }

        if (HasNewsOfLinks(update))
        {
            StartWalk(judgesAll: true);
        }

        if (update.IsSnapshot)
        {
            _families[0].BeginSnapshot();
            _families[1].BeginSnapshot();
            foreach (var route in Takeable(update.Addresses, update.Routes))
            {
                Of(route.Prefix).AddOfSnapshot(route);
            }

            StartWalk(judgesAll: false);
            return;
        }

        // Also what is not to be taken any more: it may have been, and the walk that takes it out is still to come.
        foreach (var route in update.RemovedAddresses.Select(SubnetOf).Concat(update.RemovedRoutes))
        {
            Of(route.Prefix).Remove(route);
        }

        foreach (var route in Takeable(update.Addresses, update.Routes))
        {
            Of(route.Prefix).Put(route);
        }

        foreach (var route in update.Routes)
        {
            if (!IsTaken(route))
            {
                Of(route.Prefix).Displace(route);
            }
        }
    }

    /// <summary>Judges up to so many prefixes.</summary>
    public void Work(int budget)
    {
        foreach (var family in _families)
        {
            for (; budget > 0 && family.DirtyCount > 0; budget--)
            {
                context.Visited++;
                var number = family.TakeDirty();
                family.Settle(number);
                Judge(family, number);
            }
        }

        for (; budget > 0 && _walkLeft > 0; budget--, _walkLeft--)
        {
            context.Visited++;
            Visit();
        }

        _walkJudgesAll &= _walkLeft > 0;
    }

    private void StartWalk(bool judgesAll)
    {
        _walkJudgesAll |= judgesAll;
        _walkLeft = (long)_families[0].Limit + _families[1].Limit;
    }

    private void Visit()
    {
        while (_walk.Number >= _families[_walk.Family].Limit)
        {
            _walk = (1 - _walk.Family, 0);
        }

        var (family, number) = (_families[_walk.Family], _walk.Number++);
        if (family[number].Routes is not { } known)
        {
            return;
        }

        var isChanged = family.Settle(number);
        isChanged |= family[number].Routes!.RemoveAll(route => !IsTaken(route)) > 0;
        if (isChanged || _walkJudgesAll || known.Count == 0)
        {
            Judge(family, number);
        }
    }

    private void Judge(KernelCandidates family, int number)
    {
        var prefix = family.PrefixOf(number);
        foreach (var (config, policy) in _redistributions)
        {
            foreach (var route in family[number].Routes!)
            {
                if (TryInterface(config, route, out var interfaceIndex) && TryOriginate(policy, prefix, route, interfaceIndex))
                {
                    return;
                }
            }
        }

        locals.Withdraw(LocalOrigin.Redistribution, prefix);
        family.FreeIfEmpty(number);
    }

    /// <summary>Whether a redistribution is about a route, and the interface of its first way that is up; 0 where it has none.</summary>
    private bool TryInterface(RedistributionConfig config, KernelRoute route, out int interfaceIndex)
    {
        interfaceIndex = 0;
        if (route.Table != (config.Source == RedistributionSource.Connected ? KernelRouteList.OfAddresses : config.Table) || !IsTaken(route))
        {
            return false;
        }

        foreach (var hop in route.Hops)
        {
            // A way over an interface that is not to be taken keeps the whole route from being so.
            if (!config.Interfaces.IsEmpty && !InterfacePattern.MatchesList(config.Interfaces, kernel.NameOf(hop.InterfaceIndex)))
            {
                return false;
            }

            interfaceIndex = interfaceIndex == 0 && !hop.IsDown && kernel.IsUp(hop.InterfaceIndex) ? hop.InterfaceIndex : interfaceIndex;
        }

        return interfaceIndex != 0 || (route.Kind != KernelRouteKind.Unicast && config.Interfaces.IsEmpty);
    }

    private bool TryOriginate(PolicyProgram policy, in IpPrefix prefix, KernelRoute route, int interfaceIndex)
    {
        var writer = new PathAttributesWriter(context.Scratch);
        var isRoute = route.Table != KernelRouteList.OfAddresses;
        new LocalValues(0, 0, isRoute ? LocalFlags.HasKernelMetric : LocalFlags.None, interfaceIndex, isRoute ? route.Metric : 0).AppendTo(ref writer);
        writer.AppendByte(AttributeType.Origin, (byte)Origin.Incomplete);
        writer.Append(AttributeType.AsPath, []);
        if (isRoute && route.Metric != 0)
        {
            writer.AppendUInt32(AttributeType.MultiExitDisc, route.Metric);
        }

        var attributes = context.Attributes.Intern(writer.Written);
        var passes = context.Policy.TryApply(policy, prefix, attributes, context.Slots[0]!, out var result);
        if (passes)
        {
            locals.Originate(LocalOrigin.Redistribution, prefix, result);
        }

        context.Attributes.Release(attributes);
        return passes;
    }

    private IEnumerable<KernelRoute> Takeable(ImmutableArray<KernelAddress> addresses, ImmutableArray<KernelRoute> routes) =>
        addresses.Select(SubnetOf).Concat(routes).Where(route => IsTaken(route) && MayLeave(route.Prefix));

    /// <summary>Whether any redistribution may be about a route: not the kernel's own, not one that a neighboring router's redirect made, and not ours.</summary>
    private bool IsTaken(KernelRoute route) => route.Table == KernelRouteList.OfAddresses
        ? _takesAddresses
        : route.Kind != KernelRouteKind.Local && route.Protocol > KernelProtocol && !_ownProtocols.Contains(route.Protocol) && _tables.Contains(route.Table);

    private KernelCandidates Of(in IpPrefix prefix) => _families[prefix.Address.IsV4 ? 0 : 1];

    private bool HasNewsOfLinks(KernelUpdate update)
    {
        foreach (var link in update.Links)
        {
            if (kernel.IsUp(link.Index) != link.IsUp || kernel.NameOf(link.Index) != link.Name)
            {
                return true;
            }
        }

        return !update.RemovedLinks.IsEmpty || (update.IsSnapshot && update.Links.Length != kernel.LinkCount);
    }

    // RTPROT_KERNEL; below it are RTPROT_UNSPEC and RTPROT_REDIRECT.
    private const byte KernelProtocol = 2;

    private static readonly ImmutableArray<IpPrefix> Staying =
        [.. new[] { "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::1/128", "fe80::/10", "ff00::/8" }.Select(static text => IpPrefix.Parse(text))];

    /// <summary>Whether a prefix means anything to others: loopback, link-local and multicast ones do not.</summary>
    private static bool MayLeave(in IpPrefix prefix)
    {
        foreach (ref readonly var staying in Staying.AsSpan())
        {
            if (staying.Length <= prefix.Length && staying.Contains(prefix))
            {
                return false;
            }
        }

        return true;
    }

    private static KernelRoute SubnetOf(KernelAddress address) => new()
    {
        Prefix = new IpPrefix(address.Address, address.PrefixLength),
        Kind = KernelRouteKind.Unicast,
        Protocol = KernelProtocol,
        Table = KernelRouteList.OfAddresses,
        Metric = (uint)address.InterfaceIndex,
        PreferredSource = address.Address,
        Hops = [new KernelHop(IpAddress.None, address.InterfaceIndex, 1, IsOnLink: false, IsDown: false)],
    };

    private static bool IsSame((RedistributionConfig Config, PolicyProgram Policy) left, (RedistributionConfig Config, PolicyProgram Policy) right) =>
        left.Policy == right.Policy && left.Config.Source == right.Config.Source && left.Config.Table == right.Config.Table
        && left.Config.Interfaces.AsSpan().SequenceEqual(right.Config.Interfaces.AsSpan());
}
