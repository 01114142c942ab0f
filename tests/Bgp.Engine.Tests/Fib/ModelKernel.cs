using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>A kernel's routing tables as far as the FIB can see them: exclusive adds, replacements by key, deletions by key and protocol; and other programs that write too.</summary>
internal sealed class ModelKernel
{
    public const int NoEntry = 2;
    public const int NoSuchProcess = 3;
    public const int Exists = 17;
    public const int NetworkUnreachable = 101;
    public const int NoBuffers = 105;

    private readonly SortedDictionary<(uint Table, IpPrefix Prefix, uint Metric), KernelRoute> _routes = [];

    public IEnumerable<KernelRoute> Routes => _routes.Values;

    /// <summary>Events of others' changes that are on their way.</summary>
    public Queue<FibRouteEvent> Events { get; } = new();

    /// <summary>Prefixes that writes are refused for, and how.</summary>
    public Dictionary<IpPrefix, int> Refused { get; } = [];

    /// <summary>Requests carried out or refused so far.</summary>
    public int WriteCount { get; private set; }

    public KernelRoute? Find(string prefix, uint table = 254, uint metric = 1024) => _routes.GetValueOrDefault((table, IpPrefix.Parse(prefix), metric));

    public KernelRoute? Find(in IpPrefix prefix, uint table, uint metric) => _routes.GetValueOrDefault((table, prefix, metric));

    /// <summary>Puts a route there without an event, as it was before anybody listened.</summary>
    public void Preset(KernelRoute route) => _routes[Key(route)] = route;

    /// <summary>Another program adds or replaces a route.</summary>
    public void Put(KernelRoute route)
    {
        _routes[Key(route)] = route;
        Events.Enqueue(new FibRouteEvent(route, IsRemoved: false));
    }

    /// <summary>Another program removes a route.</summary>
    public void Remove(KernelRoute route)
    {
        if (_routes.Remove(Key(route)))
        {
            Events.Enqueue(new FibRouteEvent(route, IsRemoved: true));
        }
    }

    /// <summary>A route goes without a word, as with its device.</summary>
    public void Lose(KernelRoute route) => _routes.Remove(Key(route));

    public FibBatchResult Execute(FibBatch batch)
    {
        var failures = ImmutableArray.CreateBuilder<FibFailure>();
        for (var index = 0; index < batch.Requests.Length; index++)
        {
            var errno = Execute(batch.Config, batch.Requests[index]);
            WriteCount++;
            if (errno != 0)
            {
                failures.Add(new FibFailure(index, errno, TextOf(errno)));
            }
        }

        return new FibBatchResult(false, failures.ToImmutable());
    }

    public FibDump Dump(FibConfig marks)
    {
        var builder = new FibDump.Builder(marks, index => index >= 100);
        foreach (var route in _routes.Values)
        {
            builder.Add(route);
        }

        return builder.Build();
    }

    public static KernelRoute RouteOf(FibConfig marks, in IpPrefix prefix, Forwarding forwarding) => new()
    {
        Prefix = prefix,
        Kind = forwarding.IsBlackhole ? KernelRouteKind.Blackhole : KernelRouteKind.Unicast,
        Protocol = marks.Protocol,
        Table = marks.Table,
        Metric = marks.Metric,
        PreferredSource = forwarding.IsBlackhole ? IpAddress.None : prefix.Address.IsV4 ? marks.SourceV4 : marks.SourceV6,
        Hops = [.. forwarding.Hops.Select(hop => new KernelHop(hop.Gateway, hop.InterfaceIndex, hop.Weight, hop.IsOnLink, false))],
    };

    private static (uint Table, IpPrefix Prefix, uint Metric) Key(KernelRoute route) => (route.Table, route.Prefix, route.Metric);

    private static string TextOf(int errno) => errno switch
    {
        NoEntry => "No such file or directory",
        NoSuchProcess => "No such process",
        Exists => "File exists",
        NetworkUnreachable => "Nexthop has invalid gateway",
        _ => "No buffer space available",
    };

    private int Execute(FibConfig marks, in FibRequest request)
    {
        if (Refused.TryGetValue(request.Prefix, out var refusal))
        {
            return refusal;
        }

        var key = (marks.Table, request.Prefix, request.MetricUnder(marks));
        var isThere = _routes.TryGetValue(key, out var route);
        switch (request.Verb)
        {
            case FibVerb.Add when isThere:
                return Exists;
            case FibVerb.Replace when !isThere:
                return NoEntry;
            case FibVerb.Delete when !isThere || route!.Protocol != marks.Protocol:
                return NoSuchProcess;
            case FibVerb.Delete:
                _routes.Remove(key);
                return 0;
            default:
                _routes[key] = RouteOf(marks with { Metric = request.MetricUnder(marks) }, request.Prefix, request.Forwarding!);
                return 0;
        }
    }
}
