using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>All that one node knows at one moment: a copy, for the checks.</summary>
internal sealed class NodeState
{
    private const int Slice = 1024;

    private readonly Dictionary<(RouteTable Table, PeerId Peer), List<RouteView>> _tables = [];

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

    public IReadOnlyList<RouteView> LocRib => _tables[(RouteTable.LocRib, PeerId.Local)];

    public static NodeState Of(SimNode node) => new(node, node.Process ?? throw new InvalidOperationException($"{node.Name} does not run"));

    public IReadOnlyList<RouteView> AdjRibIn(PeerId peer) => _tables[(RouteTable.AdjRibIn, peer)];

    public IReadOnlyList<RouteView> AdjRibOut(PeerId peer) => _tables[(RouteTable.AdjRibOut, peer)];

    /// <summary>The neighbor whose address another node has.</summary>
    public PeerStatus? PeerOn(SimNode other) => Peers.FirstOrDefault(peer => other.Addresses.Contains(peer.Config.Key.Address));

    private void Read(RouteReader reader)
    {
        HasWork = reader.Routes.HasWork;
        PendingRoutes = reader.Fib.PendingCount + reader.Fib.ErrorCount;
        OutputBuffers = reader.Routes.OutputBuffers;
        Steps = (reader.Routes.BusiestStep, reader.Routes.StepBound);
        _tables[(RouteTable.LocRib, PeerId.Local)] = Read(reader, RouteTable.LocRib, null);
        foreach (var peer in Peers)
        {
            _tables[(RouteTable.AdjRibIn, peer.Peer)] = Read(reader, RouteTable.AdjRibIn, peer.Peer);
            _tables[(RouteTable.AdjRibOut, peer.Peer)] = Read(reader, RouteTable.AdjRibOut, peer.Peer);
        }
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
