using System.Diagnostics;

namespace Bgp.Load.Tests;

internal sealed class TimedChangesTests
{
    private const int Feeds = 2;
    private const int Prefixes = 2;

    private readonly Expectation _expectation = new(PrefixSpace.Table(10));
    private readonly int[] _current = [Expectation.None, Expectation.None];

    [Test]
    public void Collect_ItsPathAtTheReceiver_NotesTheTime()
    {
        var timed = New();
        timed.TryNext(At(1), out _, out var update);
        timed.Collect(At(2), prefix => _current[prefix]);
        Assert.That(timed.Seconds, Is.Empty);

        Receive(update);
        timed.Collect(At(4), prefix => _current[prefix]);
        Assert.That(timed.Seconds, Is.EqualTo(new[] { 3.0 }));
    }

    [Test]
    public void TryNext_OneByOne_TakesFeedsInTurnsAndIsAlwaysTheShortestPath()
    {
        var timed = New();
        timed.TryNext(At(0), out var first, out _);
        timed.TryNext(At(0), out var second, out _);

        Assert.That(new[] { first, second }, Is.EqualTo(new[] { 0, 1 }));
        Assert.That(_expectation.Paths.Select(path => path.AsPathLength), Is.All.EqualTo(1));
    }

    [Test]
    public void TryNext_PrefixStillUnderWay_IsLeftOutAndGoesOnBeingTimed()
    {
        var timed = New();
        timed.TryNext(At(1), out _, out _);
        timed.TryNext(At(1), out _, out _);

        Assert.That(timed.TryNext(At(5), out _, out _), Is.False);
        timed.End(At(11));
        Assert.That(timed.Seconds, Is.EqualTo(new[] { 10.0, 10.0 }));
        Assert.That(timed.Turns, Is.EqualTo(3));
    }

    [Test]
    public void TryNext_SamePrefixAgain_HasOtherAttributes()
    {
        var timed = New();
        var paths = new List<int>();
        for (var turn = 0; turn < Prefixes * 2; turn++)
        {
            Assert.That(timed.TryNext(At(turn), out _, out var update));
            Receive(update);
            timed.Collect(At(turn), prefix => _current[prefix]);
            paths.Add(_current[turn % Prefixes]);
        }

        Assert.That(paths, Is.Unique);
    }

    private static long At(double seconds) => (long)(seconds * Stopwatch.Frequency);

    private TimedChanges New() => new(_expectation, Feeds, Prefixes);

    /// <summary>As the receiver of a daemon that hands bytes on.</summary>
    private void Receive(ReadOnlyMemory<byte> update)
    {
        var recognizer = new PathRecognizer(_expectation, SessionView.Untouched, LoadAddresses.Daemon, LoadPlan.DaemonAsn, [LoadAddresses.Client(0), LoadAddresses.Client(1)]);
        var table = new ReceiverTable(_expectation, recognizer, client: Feeds, allowsEcho: false);
        table.Apply(update.Span[Protocol.BgpConstants.HeaderLength..]);
        for (var prefix = 0; prefix < Prefixes; prefix++)
        {
            _current[prefix] = table.Current(prefix) == Expectation.None ? _current[prefix] : table.Current(prefix);
        }
    }
}
