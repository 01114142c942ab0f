using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Decides when the routes that an earlier run left in the kernel may go: when every neighbor that is expected up has sent End-of-RIB for all its families (RFC 4724 §4.1), or at a deadline.
/// </summary>
internal sealed class StartupSweep(Instant deadline)
{
    private readonly Dictionary<PeerId, HashSet<AddressFamily>?> _awaited = [];
    private readonly HashSet<PeerId> _done = [];
    private bool _expectsOthers;

    public Instant Deadline { get; } = deadline;

    /// <param name="neighbors">All that are known.</param>
    /// <param name="expectsOthers">Whether more may come that nobody can name, so that only the deadline tells.</param>
    public void Expect(IReadOnlyDictionary<PeerId, NeighborConfig> neighbors, bool expectsOthers)
    {
        _expectsOthers = expectsOthers;
        foreach (var gone in _awaited.Keys.Where(peer => !neighbors.ContainsKey(peer)).ToArray())
        {
            _awaited.Remove(gone);
        }

        _done.RemoveWhere(peer => !neighbors.ContainsKey(peer));
        foreach (var (peer, neighbor) in neighbors)
        {
            if (neighbor.Shutdown || neighbor.IsDynamic)
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

    public bool IsDue(Instant now) => (_awaited.Count == 0 && !_expectsOthers) || now >= Deadline;
}
