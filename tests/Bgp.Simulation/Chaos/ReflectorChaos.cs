using Bgp.Engine;

namespace Bgp.Simulation;

/// <summary>
/// What goes wrong between two reflectors and their clients: restarts of clients and of one reflector, ways blocked between clients and one reflector or both, and between the reflectors. What it
/// does not touch it remembers: those nodes must never lose each other's routes, because a reflector is always left to them.
/// </summary>
internal sealed class ReflectorChaos(Simulator simulator)
{
    private const int MaxRestarts = 12;
    private const int MaxPartitioned = 30;
    private const int MaxLost = 4;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Ever = TimeSpan.FromHours(1);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly SimRandom _random = simulator.Random.Fork();
    private readonly HashSet<SimNode> _touched = [];

    public Disturbances Disturbances { get; } = new();

    /// <summary>Nodes that were restarted or cut off so far.</summary>
    public IReadOnlySet<SimNode> Touched => _touched;

    private IReadOnlyList<SimNode> Nodes => simulator.Nodes;

    /// <summary>Schedules things that go wrong within a span of time and mend themselves within the same span again; a reflector ends within <paramref name="reflectorWithin"/>.</summary>
    public void Rage(TimeSpan within, TimeSpan reflectorWithin)
    {
        var reflector = Nodes[_random.Below(ReflectorModel.Reflectors)];
        simulator.After(_random.Between(TimeSpan.Zero, reflectorWithin), () => Restart(reflector, within));
        for (var count = _random.Between(1, MaxRestarts); count > 0; count--)
        {
            var client = Client();
            simulator.After(_random.Between(TimeSpan.Zero, within), () => Restart(client, within));
        }

        for (var count = _random.Between(1, MaxPartitioned); count > 0; count--)
        {
            BlockForAWhile(Client(), Nodes[_random.Below(ReflectorModel.Reflectors)], within);
        }

        for (var count = _random.Between(1, MaxLost); count > 0; count--)
        {
            var client = Client();
            BlockForAWhile(client, Nodes[0], within);
            BlockForAWhile(client, Nodes[1], within);
        }

        if (_random.Chance(50))
        {
            BlockForAWhile(Nodes[0], Nodes[1], within);
        }

        simulator.RunFor(within * 2);
    }

    /// <summary>Cuts ways that stay cut, and ends clients that stay away: what is left must come to rest without them.</summary>
    public void Part()
    {
        for (var count = _random.Between(1, MaxPartitioned); count > 0; count--)
        {
            BlockForGood(Client(), Nodes[_random.Below(ReflectorModel.Reflectors)]);
        }

        for (var count = _random.Between(1, MaxLost); count > 0; count--)
        {
            var client = Client();
            BlockForGood(client, Nodes[0]);
            BlockForGood(client, Nodes[1]);
        }

        if (_random.Chance(30))
        {
            BlockForGood(Nodes[0], Nodes[1]);
        }

        for (var count = _random.Between(1, MaxLost); count > 0; count--)
        {
            var client = Client();
            Disturbances.Add(client, null, simulator.Now, Ever);
            client.Kill(_random.Pick(KillKind.Process, KillKind.Power));
        }
    }

    private SimNode Client()
    {
        var client = Nodes[_random.Between(ReflectorModel.Reflectors, Nodes.Count - 1)];
        _touched.Add(client);
        return client;
    }

    private void Restart(SimNode node, TimeSpan within)
    {
        var span = _random.Between(Short, within);
        switch (_random.Below(3))
        {
            case 0:
                node.Kill(KillKind.Process);
                break;
            case 1:
                Disturbances.Add(node, null, simulator.Now, span);
                node.Kill(KillKind.Power);
                break;
            default:
                node.Stop(_random.Pick(StopIntent.Restart, StopIntent.Leave, StopIntent.LeaveAndFlush));
                break;
        }

        simulator.After(span, () => StartWhenEnded(node));
    }

    private void StartWhenEnded(SimNode node)
    {
        if (node.IsStopping)
        {
            simulator.After(Poll, () => StartWhenEnded(node));
        }
        else
        {
            node.Start();
        }
    }

    private void BlockForAWhile(SimNode left, SimNode right, TimeSpan within)
    {
        var at = _random.Between(TimeSpan.Zero, within);
        var span = _random.Between(Short, within);
        simulator.After(at, () =>
        {
            Block(left, right, span);
            simulator.After(span, () => simulator.Network.Unblock(left, right));
        });
    }

    private void BlockForGood(SimNode left, SimNode right) => Block(left, right, Ever);

    private void Block(SimNode left, SimNode right, TimeSpan span)
    {
        Disturbances.Add(left, right, simulator.Now, span);
        simulator.Network.Block(left, right);
    }
}
