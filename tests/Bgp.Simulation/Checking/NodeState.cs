using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>All that one node knows at one moment, for the checks: nothing happens in the simulation as long as it is in use. Tables are copied when they are asked for.</summary>
internal sealed class NodeState
{
    private const int Slice = 1024;

    // Buffers that a speaker at rest may hold for each family: one for each group, and no more groups than neighbors.
    private const int Families = 2;

    private readonly Dictionary<(RouteTable Table, PeerId Peer), List<RouteView>> _tables = [];
    private RouteReader _reader;

    private NodeState(SimNode node, SimProcess process)
    {
        Node = node;
        Limits = process.Limits;
        LentBatches = process.Transport.LentBatches;
        process.Ask((SessionReader reader) =>
        {
            Config = reader.Config!;
            Peers = [.. reader.Peers];
        });
        process.Ask((RouteReader reader) => Read(reader));
    }

    public SimNode Node { get; }

    public EngineLimits Limits { get; }

    public int LentBatches { get; }

    public SpeakerConfig Config { get; private set; } = null!;

    public IReadOnlyList<PeerStatus> Peers { get; private set; } = [];

    public bool HasWork { get; private set; }

    public int PendingRoutes { get; private set; }

    public int OutputBuffers { get; private set; }

    /// <summary>The most destinations that the engine has looked at in one step of its work, and how many it may.</summary>
    public (int Busiest, int Bound) Steps { get; private set; }

    public IEnumerable<PeerStatus> Established => Peers.Where(peer => peer.State == SessionState.Established);

    public IReadOnlyList<RouteView> LocRib => Table(RouteTable.LocRib, PeerId.Local);

    public static NodeState Of(SimNode node) => new(node, node.Process ?? throw new InvalidOperationException($"{node.Name} does not run"));

    public IReadOnlyList<RouteView> AdjRibIn(PeerId peer) => Table(RouteTable.AdjRibIn, peer);

    public IReadOnlyList<RouteView> AdjRibOut(PeerId peer) => Table(RouteTable.AdjRibOut, peer);

    /// <summary>As <see cref="AdjRibOut"/>, for who looks at it once: not kept.</summary>
    public IReadOnlyList<RouteView> ReadAdjRibOut(PeerId peer) => Read(_reader, RouteTable.AdjRibOut, peer);

    /// <summary>How many routes the speaker says that a neighbor has from it.</summary>
    public int AdvertisedTo(PeerId peer) => _reader.Routes.PeerCounts(peer).Sum(count => count.Advertised);

    /// <summary>The neighbor whose address another node has.</summary>
    public PeerStatus? PeerOn(SimNode other) => Peers.FirstOrDefault(peer => other.Addresses.Contains(peer.Config.Key.Address));

    /// <summary>What should not be there at rest, or should never have been.</summary>
    public IEnumerable<string> Leftovers()
    {
        if (LentBatches > 0)
        {
            yield return $"{Node.Name} has not given back {LentBatches} batches";
        }

        if (Steps.Busiest > Steps.Bound)
        {
            yield return $"{Node.Name} looked at {Steps.Busiest} destinations in one step, which is more than {Steps.Bound}";
        }

        if (OutputBuffers > Families * (Peers.Count + 1))
        {
            yield return $"{Node.Name} holds {OutputBuffers} output buffers at rest";
        }
    }

    private void Read(RouteReader reader)
    {
        HasWork = reader.Routes.HasWork;
        PendingRoutes = reader.Fib.PendingCount + reader.Fib.ErrorCount;
        OutputBuffers = reader.Routes.OutputBuffers;
        Steps = (reader.Routes.BusiestStep, reader.Routes.StepBound);
        _reader = reader;
    }

    private List<RouteView> Table(RouteTable table, PeerId peer)
    {
        if (!_tables.TryGetValue((table, peer), out var views))
        {
            _tables[(table, peer)] = views = Read(_reader, table, table == RouteTable.LocRib ? null : peer);
        }

        return views;
    }

    private static List<RouteView> Read(RouteReader reader, RouteTable table, PeerId? peer)
    {
        var views = new List<RouteView>();
        foreach (var family in (ReadOnlySpan<AddressFamily>)[AddressFamily.Ipv4Unicast, AddressFamily.Ipv6Unicast])
        {
            for (var cursor = 0; cursor >= 0;)
            {
                cursor = reader.Routes.ReadSlice(new RouteQuery(family, table) { Peer = peer }, cursor, Slice, views);
            }
        }

        return views;
    }
}
