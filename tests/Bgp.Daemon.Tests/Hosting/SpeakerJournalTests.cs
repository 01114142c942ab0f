using Bgp.Engine;
using Bgp.Protocol;
using Microsoft.Extensions.Logging;

namespace Bgp.Daemon.Tests;

/// <summary>What an operator reads in the log.</summary>
[TestFixture]
internal sealed class SpeakerJournalTests
{
    private static readonly NeighborConfig Neighbor = new()
    {
        Key = new NeighborKey(IpAddress.Parse("10.0.0.2"), "", 179),
        LocalAsn = new Asn(64512),
        RemoteAsn = new Asn(64512),
        Families = [new FamilyConfig(AddressFamily.Ipv4Unicast)],
    };

    private readonly Lines _lines = new();
    private readonly HandClock _time = new();
    private DaemonMetrics _metrics = null!;
    private SpeakerJournal _journal = null!;

    [SetUp]
    public void SetUp()
    {
        _lines.Clear();
        _metrics = new DaemonMetrics();
        _time.Now = 0;
        _journal = new SpeakerJournal(_lines, _metrics, _time);
    }

    [TearDown]
    public void TearDown() => _metrics.Dispose();

    [Test]
    public void AttemptFailed_ForTheSameCauseAgainAndAgain_IsOneLine()
    {
        Fail("refused");
        Fail("refused");
        Fail("unreachable");
        Fail("unreachable");
        Fail("refused");

        Assert.That(Texts(), Is.EqualTo(new[] { Failure("refused"), Failure("unreachable"), Failure("refused") }));
    }

    /// <summary>A peer may send another shutdown text each time.</summary>
    [Test]
    public void AttemptFailed_ForEverNewCauses_IsAFewLinesAMinute()
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            Fail($"text {attempt}");
        }

        var first = Texts().Count();
        _time.Now = LineBudget.Window.Ticks;
        Fail("later");

        Assert.That((first, Texts().Last()), Is.EqualTo((LineBudget.Lines, Failure("later"))));
    }

    /// <summary>Numbers of neighbors that came by themselves are given out again.</summary>
    [Test]
    public void UpdateFault_OfTheNextNeighborOfANumber_HasABudgetOfItsOwn()
    {
        for (var fault = 0; fault < 1000; fault++)
        {
            Malformed(1);
        }

        var before = Texts().Count();
        Malformed(1, Neighbor with { Key = Neighbor.Key with { Address = IpAddress.Parse("10.0.0.9") } });

        Assert.That(Texts().Skip(before).Single(), Does.StartWith("neighbor 10.0.0.9 sent a malformed UPDATE"));
    }

    [Test]
    public void AttemptFailed_AfterASession_IsALineAgain()
    {
        Fail("refused");
        _journal.Record(new SpeakerEvent(SpeakerEventKind.SessionUp) { Peer = new PeerId(1), Neighbor = Neighbor, Session = Session() });
        Fail("refused");

        Assert.That(Texts().Count(line => line == Failure("refused")), Is.EqualTo(2));
    }

    [Test]
    public void Neighbor_WithAName_IsNamedBesideItsAddress()
    {
        _journal.Record(new SpeakerEvent(SpeakerEventKind.SessionUp) { Peer = new PeerId(1), Neighbor = Neighbor with { Name = "node-2" }, Session = Session() });

        Assert.That(Texts().Single(), Does.StartWith("neighbor 10.0.0.2 (node-2) is up: AS 64512"));
    }

    /// <summary>A neighbor that sends nothing else would fill the disk.</summary>
    [Test]
    public void UpdateFault_OfAFlood_IsToldAFewTimesAMinuteAndCounted()
    {
        for (var fault = 0; fault < 1000; fault++)
        {
            Malformed(1);
        }

        Malformed(2);
        var first = Texts().ToList();
        _time.Now = LineBudget.Window.Ticks;
        Malformed(1);

        Assert.That(first.Count(line => line.StartsWith("neighbor 10.0.0.2 sent a malformed UPDATE", StringComparison.Ordinal)), Is.EqualTo(LineBudget.Lines + 1), "one of them of the other neighbor");
        Assert.That(first, Does.Contain($"neighbor 10.0.0.2 sends many malformed UPDATEs: for the rest of this minute they are counted, and not told one by one"));
        Assert.That(Texts().Skip(first.Count).First(), Is.EqualTo($"neighbor 10.0.0.2 sent {1000 - LineBudget.Lines} more malformed UPDATEs"));
        Assert.That(Texts().Last(), Does.StartWith("neighbor 10.0.0.2 sent a malformed UPDATE"));
    }

    [Test]
    public void StrangerRefused_OfAFlood_IsToldAFewTimesAMinuteAndCounted()
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            Refuse();
        }

        var first = Texts().ToList();
        _time.Now = LineBudget.Window.Ticks;
        Refuse();

        Assert.That(first, Has.Count.EqualTo(LineBudget.Lines + 1));
        Assert.That(Texts().Skip(first.Count), Is.EqualTo(new[]
        {
            $"{1000 - LineBudget.Lines} more connections from addresses that are no neighbor's were refused",
            "a connection from 192.0.2.66, which is no neighbor's, was refused",
        }));
    }

    private void Refuse() =>
        _journal.Record(new SpeakerEvent(SpeakerEventKind.StrangerRefused) { Ends = new ConnectionEnds(IpAddress.Parse("10.0.0.1"), 179, IpAddress.Parse("192.0.2.66"), 40000) });

    private void Malformed(int peer, NeighborConfig? neighbor = null) => _journal.Record(new SpeakerEvent(SpeakerEventKind.UpdateFault)
    {
        Peer = new PeerId(peer),
        Neighbor = neighbor ?? Neighbor,
        Error = BgpError.Cease(CeaseSubcode.OutOfResources),
        Attribute = AttributeType.Origin,
        Action = UpdateErrorAction.TreatAsWithdraw,
    });

    private static string Failure(string cause) => $"neighbor 10.0.0.2 did not come up: ConnectFailed ({cause})";

    private static NegotiatedSession Session() => new()
    {
        LocalAsn = new Asn(64512),
        RemoteAsn = new Asn(64512),
        RemoteRouterId = new RouterId(1),
        Ends = new ConnectionEnds(IpAddress.Parse("10.0.0.1"), 179, IpAddress.Parse("10.0.0.2"), 179),
        HoldTime = TimeSpan.FromSeconds(90),
        Keepalive = TimeSpan.FromSeconds(30),
        Families = [AddressFamily.Ipv4Unicast],
        Receive = default,
        Send = default,
        RemoteCapabilities = new CapabilitySetBuilder().Build(),
        Type = SessionType.Internal,
    };

    private void Fail(string cause) => _journal.Record(new SpeakerEvent(SpeakerEventKind.AttemptFailed)
    {
        Peer = new PeerId(1),
        Neighbor = Neighbor,
        Reason = new SessionDownReason(SessionDownKind.ConnectFailed, null, cause),
    });

    private IEnumerable<string> Texts() => _lines.Where(line => line.Level >= LogLevel.Information).Select(line => line.Text);

    /// <summary>A clock that is set by hand, in ticks.</summary>
    private sealed class HandClock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }

    /// <summary>A logger that keeps what it is told.</summary>
    private sealed class Lines : List<(LogLevel Level, string Text)>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Add((logLevel, formatter(state, exception)));
    }
}
