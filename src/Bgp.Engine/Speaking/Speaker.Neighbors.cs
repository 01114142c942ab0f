using System.Runtime.InteropServices;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// Who the speaker's neighbors are: those configured by address, those configured by interface, whose address is found and may change, and the dynamic ones, which come out of a range when they
/// connect.
/// </summary>
public sealed partial class Speaker
{
    /// <summary>How long a dynamic neighbor without a connection is remembered, so that one can see why it went; less where its place is wanted.</summary>
    internal static readonly TimeSpan DynamicMemory = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(IpAddress Address, string Zone), Peer> _peerByAddress = [];
    private readonly Queue<PeerNumber> _freeNumbers = new();
    private RangeAdmission[] _ranges = [];
    private int _numberCount;
    private uint _refusals;

    private void Accept(in TransportEvent report, Instant now)
    {
        var remote = report.Ends.Remote;
        var zone = remote.IsLinkLocal && remote.IsV6 ? report.Text ?? "" : "";
        if (!_peerByAddress.TryGetValue((remote, zone), out var peer) && zone.Length > 0 && OnInterface(zone).FirstOrDefault() is { } found)
        {
            // Whoever connects over an interface that has a neighbor is that neighbor, but for a session that stands: that one keeps its place.
            var isTaken = found.Fsm.Status.State == SessionState.Established;
            if (!isTaken)
            {
                Move(found, remote, now);
            }

            // One with a key is not let in before the listeners have it for its address: it comes again, or is dialled.
            if (isTaken || found.Configured.Password is not null)
            {
                _transport.Refuse(report.Accepted!);
                return;
            }

            peer = found;
        }

        if (peer is not null)
        {
            Adopt(peer, report, now);
        }
        else if (_stopping is null && FindRange(remote) is { Range.Template.Shutdown: false } admission)
        {
            AcceptFrom(admission, remote, zone, report, now);
        }
        else
        {
            _transport.Refuse(report.Accepted!);
            _options.Raise(new SpeakerEvent(SpeakerEventKind.StrangerRefused) { Ends = report.Ends, Text = report.Text });
        }
    }

    private void Adopt(Peer peer, in TransportEvent report, Instant now)
    {
        var connection = peer.Number.NextIncoming();
        _transport.Adopt(report.Accepted!, peer.Id, connection, peer.Neighbor);
        Step(peer, new SessionInput(SessionInputKind.ConnectionOpened) { Connection = connection, Ends = report.Ends }, now);
    }

    private IEnumerable<Peer> OnInterface(string name) => _peers.Values.Where(peer => peer.Configured.Interface == name);

    private void Discover(string name, IpAddress address, Instant now)
    {
        foreach (var peer in OnInterface(name).ToList())
        {
            // Where two advertise on a link, the one that has the session keeps it; the other one is looked for when it ends.
            peer.Heard = address;
            if (address.IsNone || peer.Fsm.Status.State != SessionState.Established)
            {
                Move(peer, address, now);
            }
        }
    }

    private void Move(Peer peer, in IpAddress address, Instant now)
    {
        if (peer.Neighbor.Key.Address == address || _config is not { } config || _stopping is not null)
        {
            return;
        }

        Unlist(peer);
        peer.Neighbor = peer.Configured.FoundAt(address);
        Know(peer);
        _transport.Prepare(peer.Id, peer.Neighbor);
        Step(peer, new SessionInput(SessionInputKind.Configure) { Config = new PeerSettings(peer.Neighbor, config.RouterId) }, now);
    }

    /// <summary>Makes a neighbor of whoever connects from a range, or turns it away where the range is full.</summary>
    private void AcceptFrom(RangeAdmission admission, in IpAddress remote, string zone, in TransportEvent report, Instant now)
    {
        var range = admission.Range;
        if (_config is not { } config || (admission.Count >= range.Limit && !TryMakeRoom(range, now)))
        {
            TurnAway(admission, report, now);
            return;
        }

        admission.Count++;
        var neighbor = range.At(remote, zone);
        var peer = new Peer(TakeNumber(), _options.Seed) { Configured = neighbor, Neighbor = neighbor };
        Know(peer);
        _transport.Prepare(peer.Id, peer.Neighbor);
        Step(peer, new SessionInput(SessionInputKind.Configure) { Config = new PeerSettings(peer.Neighbor, config.RouterId) }, now);
        Adopt(peer, report, now);
    }

    /// <summary>Forgets the neighbor of a full range that has been gone longest; false where all are there, or more of them than the limit has become.</summary>
    private bool TryMakeRoom(NeighborRange range, Instant now)
    {
        var oldest = _peers.Values.Where(peer => peer.Neighbor.Range == range.Prefix && peer.ForgetAt is not null).MinBy(peer => peer.ForgetAt!.Value);
        if (oldest is not null)
        {
            Leave(oldest, new SessionInput(SessionInputKind.Remove), now);
        }

        return AdmissionOf(range.Prefix)!.Count < range.Limit;
    }

    /// <summary>RFC 4486: Cease, Connection Rejected; where many come at once only the first are told.</summary>
    private void TurnAway(RangeAdmission admission, in TransportEvent report, Instant now)
    {
        if (admission.MayReport(now))
        {
            _options.Raise(new SpeakerEvent(SpeakerEventKind.RangeFull) { Prefix = admission.Range.Prefix, Ends = report.Ends });
        }

        if (!admission.MayExplain(now))
        {
            _transport.Refuse(report.Accepted!);
            return;
        }

        var connection = new ConnectionId((2 * _refusals++) + 1);
        _transport.Adopt(report.Accepted!, PeerId.Nobody, connection, admission.Range.Template);
        _transport.Send(PeerId.Nobody, connection, SessionFsm.Encode(BgpError.Cease(CeaseSubcode.ConnectionRejected)));
        _transport.Close(PeerId.Nobody, connection);
    }

    private RangeAdmission? AdmissionOf(IpPrefix? range) => Array.Find(_ranges, admission => admission.Range.Prefix == range);

    private RangeAdmission? FindRange(in IpAddress address)
    {
        foreach (var admission in _ranges)
        {
            if (admission.Range.Prefix.Contains(address))
            {
                return admission;
            }
        }

        return null;
    }

    private void ApplyConfig(SpeakerConfig config, Instant now)
    {
        if (_stopping is not null)
        {
            return;
        }

        _config = config;
        _ranges = [.. config.Ranges.OrderByDescending(range => range.Prefix.Length).Select(range => new RangeAdmission(range))];
        var gone = _peers.Values.Where(peer => !peer.IsLeaving).ToDictionary(peer => peer.Configured.Key);
        var wanted = new List<Peer>();
        foreach (var neighbor in config.Neighbors)
        {
            var peer = Take(gone, neighbor) ?? new Peer(TakeNumber(), _options.Seed);
            var address = neighbor.Interface is not null && peer.Configured?.Interface == neighbor.Interface ? peer.Neighbor.Key.Address : neighbor.Key.Address;
            peer.Heard = peer.Configured?.Interface == neighbor.Interface ? peer.Heard : IpAddress.None;
            peer.Configured = neighbor;
            peer.Neighbor = neighbor.Interface is null ? neighbor : neighbor.FoundAt(address);
            wanted.Add(peer);
        }

        var interfaces = config.Neighbors.Select(neighbor => neighbor.Interface).ToHashSet();
        foreach (var peer in gone.Values.Where(peer => peer.Neighbor.IsDynamic).OrderBy(peer => peer.Id.Value).ToList())
        {
            var key = peer.Neighbor.Key;
            if (!interfaces.Contains(key.Zone) && FindRange(key.Address) is { } admission)
            {
                gone.Remove(key);
                peer.Neighbor = peer.Configured = admission.Range.At(key.Address, key.Zone);
                wanted.Add(peer);
            }
        }

        // The route lane knows every neighbor before any of their sessions comes up.
        var neighbors = wanted.ToDictionary(peer => peer.Id, peer => peer.Neighbor);
        PostRoute(new RouteItem { Engine = new EngineInput(EngineInputKind.Configure) { Config = new EngineConfig(config, neighbors) } });
        foreach (var peer in gone.Values.OrderBy(peer => peer.Id.Value))
        {
            Leave(peer, new SessionInput(SessionInputKind.Remove) { Error = BgpError.Cease(CeaseSubcode.PeerDeconfigured) }, now);
        }

        foreach (var admission in _ranges)
        {
            admission.Count = wanted.Count(peer => peer.Neighbor.Range == admission.Range.Prefix);
        }

        _transport.Prepare(config.Ranges);
        _peerByAddress.Clear();
        foreach (var peer in wanted)
        {
            Know(peer);
            _transport.Prepare(peer.Id, peer.Neighbor);
            Step(peer, new SessionInput(SessionInputKind.Configure) { Config = new PeerSettings(peer.Neighbor, config.RouterId) }, now);
        }

        _options.Raise(new SpeakerEvent(SpeakerEventKind.Configured));
    }

    /// <summary>The neighbor that is this one already: the same key, or a dynamic one at the address, which it takes over with its session.</summary>
    private Peer? Take(Dictionary<NeighborKey, Peer> known, NeighborConfig neighbor)
    {
        if (known.Remove(neighbor.Key, out var same))
        {
            return same;
        }

        return _peerByAddress.TryGetValue((neighbor.Key.Address, neighbor.Key.Zone), out var peer) && peer.Neighbor.IsDynamic && known.Remove(peer.Configured.Key) ? peer : null;
    }

    /// <summary>Of several neighbors at an address, which differ by their port, the first has the connections from there.</summary>
    private void Know(Peer peer)
    {
        _peers[peer.Id.Value] = peer;
        if (peer.Neighbor.Key.Address.IsNone)
        {
            return;
        }

        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_peerByAddress, (peer.Neighbor.Key.Address, peer.Neighbor.Key.Zone), out var isKnown);
        if (!isKnown || peer.Id.Value < first!.Id.Value)
        {
            first = peer;
        }
    }

    private void Unlist(Peer peer)
    {
        var at = (peer.Neighbor.Key.Address, peer.Neighbor.Key.Zone);
        if (_peerByAddress.GetValueOrDefault(at) == peer)
        {
            _peerByAddress.Remove(at);
        }
    }

    private void Forget(Peer peer)
    {
        Unlist(peer);
        if (AdmissionOf(peer.Neighbor.Range) is { } admission)
        {
            admission.Count--;
        }

        _peers.Remove(peer.Id.Value);
        _transport.Forget(peer.Id);
        _freeNumbers.Enqueue(peer.Number);
    }

    private PeerNumber TakeNumber() => _freeNumbers.TryDequeue(out var free) ? free : new PeerNumber(new PeerId(_numberCount++));
}
