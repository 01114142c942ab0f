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
    private DaemonMetrics _metrics = null!;
    private SpeakerJournal _journal = null!;

    [SetUp]
    public void SetUp()
    {
        _lines.Clear();
        _metrics = new DaemonMetrics();
        _journal = new SpeakerJournal(_lines, _metrics);
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

    /// <summary>A logger that keeps what it is told.</summary>
    private sealed class Lines : List<(LogLevel Level, string Text)>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Add((logLevel, formatter(state, exception)));
    }
}
