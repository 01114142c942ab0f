using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// A reload that changes the export policy of many neighbors at once, with many routes of which it concerns one in a hundred: each neighbor is sent exactly the difference, each KEEPALIVE leaves
/// when it is due, no session ends, and no step of the engine looks at more destinations than its bound.
/// </summary>
public static class ReloadRun
{
    /// <summary>Of so many routes the policies single out one.</summary>
    private const int OneOf = 100;

    private const ulong Seed = 1;

    /// <summary>What a KEEPALIVE may be late: the lane wakes up, the transmitter has its turn.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(10);
    private static readonly TopologyOptions Options = new() { BlocksPerNode = 0, HoldTime = TimeSpan.FromSeconds(9) };
    private static readonly TimeSpan Keepalive = Options.HoldTime / 3;
    private static readonly Community Marked = new((64512u << 16) | 1);

    /// <param name="neighbors">How many neighbors have their policy changed.</param>
    /// <param name="routes">How many routes they are sent.</param>
    /// <param name="output">Where to write what each reload cost.</param>
    /// <returns>What is not as it should be; empty is what one hopes for.</returns>
    public static IReadOnlyList<string> Run(int neighbors, int routes, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var simulator = new Simulator(Seed);
        simulator.Network.BufferSizes = [64 * 1024];
        simulator.Start(Star(neighbors, routes));
        var hub = simulator.Nodes[0];
        var members = simulator.Nodes.Skip(2).ToList();
        var taps = members.Select(member => hub.Tap(member.Spec.AddressV4)).ToList();
        if (!simulator.RunUntil(() => hub.EstablishedCount == neighbors + 1 && taps.TrueForAll(tap => tap.Announced >= routes), Patience))
        {
            return [$"after {Patience} {hub.EstablishedCount} sessions are up, and the neighbors were told of {taps.Min(tap => tap.Announced)} routes"];
        }

        simulator.RunFor(Watch);
        var marked = (routes + OneOf - 1) / OneOf;
        var violations = new List<string>();
        var half = members.Take(neighbors / 2).ToList();
        Step("reject one in a hundred", [Rejecting], members, 0, marked);
        Step("announce it with a MED instead", [Marking], members, marked, 0);
        Step("say the same in other words", [Marking, Rejecting], members, 0, 0);
        Step("reject it again, for one half", [Rejecting], half, 0, marked);
        Step("announce it to that half as to the other", [Marking], half, marked, 0);
        violations.AddRange(Steps(hub));
        violations.AddRange(members.Where(member => Prefixes(member) != routes).Select(member => $"{member.Name} has {Prefixes(member)} routes in the end"));
        return violations;

        void Step(string what, ImmutableArray<PolicyConfig> policies, List<SimNode> concerned, int announced, int withdrawn)
        {
            taps.ForEach(tap => tap.Reset());
            var watch = Stopwatch.StartNew();
            var events = simulator.EventCount;
            hub.Configure(WithExport(hub.Config, policies, concerned));
            simulator.RunFor(Watch);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {concerned.Count} neighbors sent {announced} + {withdrawn} prefixes, {watch.Elapsed.TotalSeconds:f2} s and {simulator.EventCount - events} events for {Watch} of the network's time"));
            violations.AddRange(members.SelectMany((member, at) => concerned.Contains(member) ? Check(what, taps[at], announced, withdrawn) : Check(what, taps[at], 0, 0)).Distinct());
        }
    }

    private static IEnumerable<string> Check(string what, WireTap tap, int announced, int withdrawn)
    {
        if ((tap.Announced, tap.Withdrawn) != (announced, withdrawn))
        {
            yield return $"{what}: {tap.Announced} prefixes announced and {tap.Withdrawn} withdrawn, not {announced} and {withdrawn}";
        }

        if (tap.Keepalives == 0 || tap.LongestSilence > Keepalive + Slack)
        {
            yield return $"{what}: {tap.Keepalives} KEEPALIVEs, {tap.LongestSilence} between two of them, which is more than {Keepalive}";
        }

        if (tap.HasNotification)
        {
            yield return $"{what}: a session was ended";
        }
    }

    private static IEnumerable<string> Steps(SimNode hub)
    {
        var (busiest, bound) = (0, 0);
        hub.Process?.Ask((RouteReader reader) => (busiest, bound) = (reader.Routes.BusiestStep, reader.Routes.StepBound));
        if (busiest == 0 || busiest > bound)
        {
            yield return $"a step looked at {busiest} destinations, and may at {bound}";
        }
    }

    private static int Prefixes(SimNode node)
    {
        var count = 0;
        node.Process?.Ask((RouteReader reader) => count = reader.Routes.Counts()[0].Prefixes);
        return count;
    }

    /// <summary>A reflector in the middle, a client that originates all routes, and the others that are sent them.</summary>
    private static Topology Star(int neighbors, int routes)
    {
        var star = Topology.Reflectors(1, neighbors + 1, Options);
        ImmutableArray<NetworkConfig> networks = [.. Enumerable.Range(0, routes).Select(Network)];
        return star with
        {
            Nodes = [.. star.Nodes.Select((node, at) => node with { Limits = new EngineLimits(), Config = Quiet(node.Config) with { Networks = at == 1 ? networks : [] } })],
        };
    }

    private static SpeakerConfig Quiet(SpeakerConfig config) => config with { Fib = config.Fib with { Enabled = false } };

    private static NetworkConfig Network(int number) => new(
        new IpPrefix(IpAddress.V4(0x14000000 + ((uint)number << 8)), 24),
        Blackhole: false,
        new RouteChanges { Communities = number % OneOf == 0 ? [Marked] : [] });

    private static SpeakerConfig WithExport(SpeakerConfig config, ImmutableArray<PolicyConfig> policies, List<SimNode> concerned) => config with
    {
        Neighbors =
        [
            .. config.Neighbors.Select(neighbor => concerned.Exists(member => member.Spec.AddressV4 == neighbor.Key.Address)
                ? neighbor with { Families = [.. neighbor.Families.Select(family => family with { ExportPolicy = policies })] }
                : neighbor),
        ],
    };

    private static PolicyConfig Rejecting => new("rejecting", [new PolicyRule { Match = HasMark, Action = PolicyAction.Reject }, new PolicyRule { Action = PolicyAction.Accept }]);

    private static PolicyConfig Marking => new("marking", [new PolicyRule { Match = HasMark, Set = new RouteChanges { Med = 77 } }, new PolicyRule { Action = PolicyAction.Accept }]);

    private static RouteMatch HasMark => new() { Communities = [CommunityPattern.Exactly(Marked)] };
}
