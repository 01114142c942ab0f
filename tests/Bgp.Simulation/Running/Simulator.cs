using Bgp.Engine;

namespace Bgp.Simulation;

/// <summary>
/// A network of whole speakers in one thread, on a clock that only moves from event to event: everything that happens is a function of the seed.
/// <para>
/// Each node runs the shipped <see cref="Speaker"/>; only what it stands on is simulated: connections (<see cref="SimTransport"/>), the kernel (<see cref="SimKernel"/>) and time. Events of one
/// instant happen in the order in which they were scheduled.
/// </para>
/// </summary>
public sealed class Simulator : IDisposable
{
    /// <summary>Events after which a run counts as endless.</summary>
    public const long EventLimit = 200_000_000;

    private readonly PriorityQueue<Action, (long At, long Sequence)> _events = new();
    private readonly List<SimNode> _nodes = [];
    private long _sequence;

    /// <param name="seed">Of all that is left to chance.</param>
    /// <param name="trace">Where to write every event; <c>null</c> keeps only the hash.</param>
    public Simulator(ulong seed, TextWriter? trace = null)
    {
        Seed = seed;
        Random = new SimRandom(seed);
        Trace = new Trace(trace);
        Network = new SimNetwork(this);
    }

    public ulong Seed { get; }

    public SimRandom Random { get; }

    public Trace Trace { get; }

    public SimNetwork Network { get; }

    public IReadOnlyList<SimNode> Nodes => _nodes;

    /// <summary>How long a lane that was woken may wait for its thread.</summary>
    public TimeSpan MaxWakeDelay { get; set; } = TimeSpan.FromMicroseconds(100);

    /// <summary>How long a reader or a transmitter may wait for its turn.</summary>
    public TimeSpan MaxTurnDelay { get; set; } = TimeSpan.FromMicroseconds(200);

    /// <summary>Starts at one second, so that no deadline of the engine is by chance the origin.</summary>
    public Instant Now { get; private set; } = new(1_000_000);

    /// <summary>Events that have happened.</summary>
    public long EventCount { get; private set; }

    /// <summary>Batches that no transport has lent: of all transports, because each needs many for a moment only.</summary>
    internal Stack<UpdateBatch> FreeBatches { get; } = new();

    /// <summary>What kernels hold of what speakers wrote.</summary>
    internal KernelRoutePool KernelRoutes { get; } = new();

    /// <summary>A buffer for whoever reads from a socket at this moment.</summary>
    internal byte[] ReadBuffer { get; } = new byte[64 * 1024];

    /// <summary>Native bytes that engines hold, of all speakers in the process.</summary>
    public static long NativeBytes => NativeArena.LiveBytes;

    /// <summary>Adds a node that is not running yet.</summary>
    public SimNode Add(NodeSpec spec)
    {
        var node = new SimNode(this, _nodes.Count, spec);
        _nodes.Add(node);
        Network.Add(node);
        return node;
    }

    /// <summary>Adds all nodes of a topology and starts them, each at a moment of its own within <paramref name="within"/>, which passes.</summary>
    public void Start(Topology topology, TimeSpan within = default)
    {
        foreach (var spec in topology.Nodes)
        {
            var node = Add(spec);
            After(Random.Between(TimeSpan.Zero, within), node.Start);
        }

        RunFor(within);
    }

    public void At(Instant at, Action action) => _events.Enqueue(action, (Math.Max(at.Microseconds, Now.Microseconds), _sequence++));

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Lets the next event happen; false when there is none up to <paramref name="until"/>.</summary>
    public bool Step(Instant until)
    {
        if (!_events.TryPeek(out _, out var next) || next.At > until.Microseconds)
        {
            return false;
        }

        Now = new Instant(next.At);
        var action = _events.Dequeue();
        Trace.Mix(next.At, next.Sequence);
        if (++EventCount > EventLimit)
        {
            throw new SimulationException($"more than {EventLimit} events by {Now}: something spins");
        }

        action();
        return true;
    }

    public void RunFor(TimeSpan span)
    {
        var until = Now + span;
        while (Step(until))
        {
        }

        Now = until;
    }

    /// <summary>Runs until a condition holds, which is asked every 20 ms, or as often as <paramref name="every"/> says; false when it did not within <paramref name="limit"/>.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit, TimeSpan? every = null)
    {
        var until = Now + limit;
        while (!condition())
        {
            if (Now >= until)
            {
                return false;
            }

            RunFor(every ?? TimeSpan.FromMilliseconds(20));
        }

        return true;
    }

    /// <summary>Ends all processes at once; nothing native is held after it.</summary>
    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            node.Dispose();
        }

        _events.Clear();
    }
}
