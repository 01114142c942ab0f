using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Decides when the routes that an earlier run left in the kernel may go: when every neighbor that is expected up has sent End-of-RIB for all its families (RFC 4724 §4.1), or at a deadline.
/// </summary>
internal sealed class StartupSweep(Instant deadline)
{
    private readonly Dictionary<PeerId, HashSet<AddressFamily>?> _awaited = [];
    private readonly HashSet<PeerId> _done = [];

    public Instant Deadline { get; } = deadline;

    public void Expect(IReadOnlyDictionary<PeerId, NeighborConfig> neighbors)
    {
        foreach (var gone in _awaited.Keys.Where(peer => !neighbors.ContainsKey(peer)).ToArray())
        {
            _awaited.Remove(gone);
        }

        foreach (var (peer, neighbor) in neighbors)
        {
            if (neighbor.Shutdown)
            {
                _awaited.Remove(peer);
            }
            else if (!_done.Contains(peer))
            {
                _awaited.TryAdd(peer, null);
            }
        }
    }

    public void PeerUp(PeerId peer, NegotiatedSession session)
    {
        if (_awaited.ContainsKey(peer))
        {
            _awaited[peer] = [.. session.Families];
        }
    }

    public void EndOfRib(PeerId peer, AddressFamily family)
    {
        if (_awaited.TryGetValue(peer, out var families) && families is not null)
        {
            families.Remove(family);
            if (families.Count == 0)
            {
                _awaited.Remove(peer);
                _done.Add(peer);
            }
        }
    }

    public bool IsDue(Instant now) => _awaited.Count == 0 || now >= Deadline;
}
