using Bgp.Protocol;

namespace Bgp.Interop.Tests;

/// <summary>
/// Fifty sessions, and every kind of change by reload, one after the other against one running daemon: what a change does not concern does not notice it, and what it concerns is reset, refreshed or left
/// alone as the documentation says.
/// </summary>
[TestFixture]
internal sealed class ReloadTests
{
    private const ushort HoldTime = 600;

    private readonly Dictionary<string, int> _flaps = [];
    private readonly Dictionary<string, int> _ends = [];
    private Segment _segment = null!;
    private ReloadedDaemon _daemon = null!;
    private PeerHost _peers = null!;
    private BirdSessions _bird = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _segment = new Segment();
        var (subject, peers, bird) = (_segment.Attach("subject"), _segment.Attach("peers"), _segment.Attach("bird"));
        _daemon = new ReloadedDaemon(subject, ReloadTable.Start);
        _peers = new PeerHost(peers, subject);
        foreach (var address in ReloadTable.PlainV4.Concat(ReloadTable.PlainV6).Concat(ReloadTable.LinkLocal).Concat(ReloadTable.Later))
        {
            _peers.Add(address, ReloadTable.PlainAsn, HoldTime);
        }

        foreach (var address in ReloadTable.Members.Append(ReloadTable.LaterMember).Append(ReloadTable.Dynamic))
        {
            _peers.Add(address, ReloadTable.Asn, HoldTime);
        }

        _bird = new BirdSessions(bird, ReloadTable.BirdAsn, subject, ReloadTable.Asn, ReloadTable.Bird);
        Eventually.Get("fifty sessions", () => string.Join(' ', Down(_daemon.Neighbors())), down => down.Length == 0);
        foreach (var neighbor in _daemon.Neighbors())
        {
            _flaps[Bare(neighbor.Key)] = neighbor.Value.Flaps;
        }

        // AS_PATH 65100.
        _peers[ReloadTable.Announcer].Send(RawMessages.Update("192.0.2.0", "4002060201" + "0000fe4c", ReloadTable.Announcer));
        Eventually.Holds("the announced route is passed on", () => _peers["10.9.0.120"].Prefixes.Announced >= 4 && _peers["10.9.0.106"].Prefixes.Announced >= 4);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _bird?.Dispose();
        _peers?.Dispose();
        _daemon?.Dispose();
        _segment?.Dispose();
    }

    [Test]
    public void Reload_EachKindOfChange_TouchesWhatItConcernsAndNothingElse()
    {
        foreach (var row in ReloadTable.Rows)
        {
            Reload(row);
        }

        _daemon.MoveSocket();
        AssertNobodyElseWasDisturbed();
    }

    private void Reload(ReloadRow row)
    {
        var prefixes = row.Told.ToDictionary(address => address, address => _peers[address].Prefixes);
        var ends = row.Reset.Concat(row.Gone).ToDictionary(address => address, address => _peers[address].Ends);

        _daemon.Reload(row.Change(_daemon.Text));

        foreach (var address in row.Told)
        {
            Eventually.Holds($"{row}: {address} is told", () => _peers[address].Prefixes != prefixes[address]);
        }

        foreach (var (address, before) in ends)
        {
            Eventually.Holds($"{row}: {address} is told that its session ends", () => _peers[address].Ends > before);
            Assert.That(_peers[address].LastError?.Code, Is.EqualTo(NotificationCode.Cease), $"{row}: {address}");
        }

        var neighbors = Eventually.Get($"{row}: the sessions of {string.Join(' ', row.Up.Concat(row.Reset))}", _daemon.Neighbors, now => row.Up.Concat(row.Reset).All(address => IsUp(now, address)));
        Settle(row, neighbors);
        Assert.That(neighbors.Where(neighbor => neighbor.Value.Flaps != _flaps[Bare(neighbor.Key)]).Select(neighbor => $"{neighbor.Key} {neighbor.Value}"), Is.Empty, $"{row}: no other session has ended");
        Assert.That(Down(neighbors).Where(address => !row.Gone.Contains(address) && !IsShutDown(address)), Is.Empty, $"{row}: no other session is down");
    }

    // A last network comes after everything that the reloads sent: whoever hears of it has had no other end of its session before.
    private void AssertNobodyElseWasDisturbed()
    {
        var neighbors = _daemon.Neighbors();
        var up = _peers.Peers.Where(peer => neighbors.ContainsKey(Full(peer.Key, neighbors))).ToDictionary(peer => peer.Key, peer => peer.Value.Prefixes);
        _daemon.Reload(_daemon.Text.With("networks", "[{prefix: 100.66.0.0/24}]"));

        foreach (var (address, before) in up)
        {
            Eventually.Holds($"{address} hears of the last network", () => _peers[address].Prefixes.Announced > before.Announced);
            Assert.That(_peers[address].Ends, Is.EqualTo(_ends.GetValueOrDefault(address)), $"sessions of {address} that ended");
        }

        Eventually.Holds("BIRD hears of it ten times", () => _bird.PathsOf("100.66.0.0/24") == ReloadTable.Bird.Count);
        Assert.That(_bird.Notifications(), Is.Empty);
    }

    /// <summary>Keeps in mind what the row was to do.</summary>
    private void Settle(ReloadRow row, Dictionary<string, (string State, int Flaps)> neighbors)
    {
        foreach (var address in row.Reset.Concat(row.Gone))
        {
            _flaps[address] = _flaps.GetValueOrDefault(address) + 1;
            _ends[address] = _ends.GetValueOrDefault(address) + 1;
        }

        foreach (var neighbor in neighbors.Keys.Where(neighbor => !_flaps.ContainsKey(Bare(neighbor))))
        {
            _flaps[Bare(neighbor)] = 0;
        }

        // A neighbor that is removed and comes again counts anew.
        foreach (var address in row.Gone.Where(address => !neighbors.ContainsKey(Full(address, neighbors))))
        {
            _flaps.Remove(address);
        }
    }

    private bool IsShutDown(string address) => _daemon.Text.Neighbors.Any(neighbor => Bare(neighbor.Key) == address && neighbor.Value.Contains("shutdown: true", StringComparison.Ordinal));

    private static bool IsUp(Dictionary<string, (string State, int Flaps)> neighbors, string address) =>
        neighbors.TryGetValue(Full(address, neighbors), out var neighbor) && neighbor.State == "Established";

    private static string[] Down(Dictionary<string, (string State, int Flaps)> neighbors) =>
        [.. neighbors.Where(neighbor => neighbor.Value.State != "Established").Select(neighbor => Bare(neighbor.Key))];

    private static string Bare(string address) => address.Split('%')[0];

    private static string Full(string address, Dictionary<string, (string State, int Flaps)> neighbors) => neighbors.Keys.FirstOrDefault(key => Bare(key) == address) ?? address;
}
