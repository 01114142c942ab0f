using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// Segments with nodes on them: connects, latencies, and pairs of nodes between which nothing passes. It knows no BGP.
/// </summary>
public sealed class SimNetwork
{
    private const ushort BgpPort = 179;
    private const ushort FirstEphemeralPort = 32768;

    // Connections are looked through for ended ones when there are twice as many as after the last time.
    private const int FirstSweep = 64;

    private static readonly TimeSpan MinDelay = TimeSpan.FromMicroseconds(50);
    private static readonly TimeSpan FirstSynRetry = TimeSpan.FromSeconds(1);

    private readonly Simulator _simulator;
    private readonly Dictionary<IpAddress, (SimNode Node, int Interface)> _hosts = [];
    private readonly Dictionary<(int, int), int> _blocks = [];
    private readonly List<(SimSocket Opener, SimSocket Accepter)> _connections = [];
    private readonly Dictionary<SimSocket, SimSocket> _otherEnds = [];
    private int _nextPort = FirstEphemeralPort;
    private int _sweepAt = FirstSweep;

    internal SimNetwork(Simulator simulator)
    {
        _simulator = simulator;
    }

    /// <summary>The longest time a byte is under way, jitter included.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Of 100 connects, how many are refused for no reason.</summary>
    public int RefusedConnectPercent { get; set; }

    /// <summary>Sizes of socket buffers, one of which each direction of a connection gets.</summary>
    public IReadOnlyList<int> BufferSizes { get; set; } = [64 * 1024];

    /// <summary>Whether readers and transmitters take pieces of random size, so that messages and batches are cut anywhere; otherwise all that is there at a time, which makes few events of much.</summary>
    public bool CutsAtRandom { get; set; } = true;

    /// <summary>Whether bytes are under way or unread anywhere.</summary>
    public bool IsBusy => _connections.Exists(connection => connection.Opener.IsBusy || connection.Accepter.IsBusy);

    public SimNode? Find(IpAddress address) => _hosts.GetValueOrDefault(address).Node;

    /// <summary>The link-local address of the other node on the segment of a node's interface, as it advertises it; absent where the link is down or the node does not run.</summary>
    internal IpAddress OtherEndOf(SimNode node, int number)
    {
        var own = node.Spec.Interfaces[number];
        foreach (var (address, host) in _hosts)
        {
            if (address.IsLinkLocal && host.Node != node && host.Node.Spec.Interfaces[host.Interface].Segment == own.Segment)
            {
                return host.Node.IsRunning && !IsBlocked(own.AddressV6, address) ? address : IpAddress.None;
            }
        }

        return IpAddress.None;
    }

    /// <summary>Stops all that passes between two nodes until <see cref="Unblock"/>, which is called as often.</summary>
    public void Block(SimNode left, SimNode right) => _blocks[Pair(left, right)] = _blocks.GetValueOrDefault(Pair(left, right)) + 1;

    public void Unblock(SimNode left, SimNode right)
    {
        _blocks[Pair(left, right)] = Math.Max(0, _blocks.GetValueOrDefault(Pair(left, right)) - 1);
        Resume();
    }

    /// <summary>Whether nothing passes between two nodes' addresses: <see cref="Block"/>, or a link that is down at either end.</summary>
    public bool IsBlocked(IpAddress left, IpAddress right)
    {
        var (from, to) = (_hosts[left], _hosts[right]);
        return _blocks.GetValueOrDefault(Pair(from.Node, to.Node)) > 0 || !from.Node.Kernel.IsLinkUp(from.Interface) || !to.Node.Kernel.IsLinkUp(to.Interface);
    }

    /// <summary>Breaks all connections between two nodes, at both ends.</summary>
    public void Cut(SimNode left, SimNode right)
    {
        foreach (var (opener, accepter) in _connections.ToArray())
        {
            if (Pair(opener.Host, accepter.Host) == Pair(left, right))
            {
                opener.Break("connection reset");
                accepter.Break("connection reset");
            }
        }
    }

    internal void Add(SimNode node)
    {
        for (var number = 0; number < node.Spec.Interfaces.Length; number++)
        {
            foreach (var address in node.Spec.Interfaces[number].Addresses)
            {
                _hosts.Add(address, (node, number));
            }
        }
    }

    internal TimeSpan DelayBetween(SimNode from, SimNode to) => from == to ? MinDelay : _simulator.Random.Between(MinDelay, MaxDelay);

    internal SimSocket OtherEnd(SimSocket socket) => _otherEnds[socket];

    /// <summary>What a blocked way or a host that was down held back goes on.</summary>
    internal void Resume()
    {
        Sweep();
        foreach (var (opener, accepter) in _connections)
        {
            opener.Resume();
            accepter.Resume();
        }
    }

    internal void SendReset(SimNode from, SimSocket to)
    {
        // A reset that is lost is not sent again; the other end learns of it when it sends next.
        if (!IsBlocked(to.Ends.Remote, to.Ends.Local))
        {
            _simulator.After(DelayBetween(from, to.Host), () => to.Break("connection reset by peer"));
        }
    }

    /// <summary>Opens a connection; exactly one of the callbacks of <paramref name="attempt"/> comes, unless it is cancelled or nobody ever answers.</summary>
    internal void Connect(SimNode from, IpAddress local, IpAddress remote, ConnectAttempt attempt)
    {
        if (local.IsNone || Find(remote) is not { } to)
        {
            _simulator.After(MinDelay, () => attempt.Fail("no route to host"));
            return;
        }

        var ends = new ConnectionEnds(local, (ushort)_nextPort, remote, BgpPort);
        _nextPort = _nextPort == ushort.MaxValue ? FirstEphemeralPort : _nextPort + 1;
        _simulator.After(DelayBetween(from, to), () => SynArrives(from, to, ends, attempt, FirstSynRetry));
    }

    private void SynArrives(SimNode from, SimNode to, ConnectionEnds ends, ConnectAttempt attempt, TimeSpan retry)
    {
        if (attempt.IsOver)
        {
            return;
        }

        if (IsBlocked(ends.Local, ends.Remote) || !to.IsHostUp)
        {
            _simulator.After(retry, () => SynArrives(from, to, ends, attempt, retry * 2));
        }
        else if (to.Process is not { } process || _simulator.Random.Chance(RefusedConnectPercent))
        {
            _simulator.After(DelayBetween(to, from), () => attempt.Fail("connection refused"));
        }
        else
        {
            var opener = new SimSocket(_simulator, from, ends);
            var accepter = new SimSocket(_simulator, to, new ConnectionEnds(ends.Remote, ends.RemotePort, ends.Local, ends.LocalPort));
            Join(opener, accepter);
            process.Transport.Accept(accepter);
            _simulator.After(DelayBetween(to, from), () => AnswerArrives(opener, accepter, attempt));
        }
    }

    private void AnswerArrives(SimSocket opener, SimSocket accepter, ConnectAttempt attempt)
    {
        if (IsBlocked(opener.Ends.Local, accepter.Ends.Local) && !attempt.IsOver)
        {
            _simulator.After(FirstSynRetry, () => AnswerArrives(opener, accepter, attempt));
        }
        else if (attempt.IsOver)
        {
            opener.Abort();
        }
        else if (opener.BrokenBy is { } reason)
        {
            opener.Vanish();
            attempt.Fail(reason);
        }
        else
        {
            attempt.Succeed(opener);
        }
    }

    private void Join(SimSocket opener, SimSocket accepter)
    {
        var forth = new SimStream(_simulator, opener, accepter, BufferSizes[_simulator.Random.Below(BufferSizes.Count)]);
        var back = new SimStream(_simulator, accepter, opener, BufferSizes[_simulator.Random.Below(BufferSizes.Count)]);
        opener.Join(back, forth);
        accepter.Join(forth, back);
        if (_connections.Count >= _sweepAt)
        {
            Sweep();
        }

        _connections.Add((opener, accepter));
        _otherEnds.Add(opener, accepter);
        _otherEnds.Add(accepter, opener);
    }

    private void Sweep()
    {
        _connections.RemoveAll(Forget);
        _sweepAt = Math.Max(FirstSweep, 2 * _connections.Count);
    }

    private bool Forget((SimSocket Opener, SimSocket Accepter) connection)
    {
        var isOver = connection is { Opener.IsGone: true, Accepter.IsGone: true };
        if (isOver)
        {
            _otherEnds.Remove(connection.Opener);
            _otherEnds.Remove(connection.Accepter);
        }

        return isOver;
    }

    private static (int, int) Pair(SimNode left, SimNode right) =>
        left.Index < right.Index ? (left.Index, right.Index) : (right.Index, left.Index);
}
