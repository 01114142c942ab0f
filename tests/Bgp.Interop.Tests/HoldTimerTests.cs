namespace Bgp.Interop.Tests;

/// <summary>A neighbor that falls silent without closing the connection (RFC 4271 §6.5): its process is stopped, and goes on later.</summary>
[TestFixture(SubjectKind.Bird)]
[TestFixture(SubjectKind.Daemon)]
[NonParallelizable]
internal sealed class HoldTimerTests(SubjectKind subject)
{
    private const int HoldTime = 6;

    private readonly TransitTopology _topology = new(SessionType.Ebgp);

    [OneTimeSetUp]
    public void Build()
    {
        _topology.Start(subject, Family.IPv4, HoldTime);
        _topology.AwaitSessions();
    }

    [OneTimeTearDown]
    public void TearDown() => _topology.Dispose();

    [Test]
    public void Session_PeerFallsSilent_EndsAndComesBack()
    {
        var (subject, left) = (_topology.Subject, _topology.Left);

        left.Freeze();
        Eventually.Holds("the session ends", () => !subject.IsEstablished(left.Host));
        var reason = subject.LastError(left.Host);
        left.Thaw();

        Assert.That(reason, Does.Contain("Hold timer expired").IgnoreCase);
        _topology.AwaitSession(left);
    }

    [Test]
    public void Session_SubjectFallsSilent_EndsAtBothPeersAndComesBack()
    {
        var (subject, left, right) = (_topology.Subject, _topology.Left, _topology.Right);

        subject.Freeze();
        Eventually.Holds("the session ends at the left", () => !left.IsEstablished(subject.Host));
        Eventually.Holds("the session ends at the right", () => !right.IsEstablished(subject.Host));
        var reasons = new[] { left.LastError(subject.Host), right.LastError(subject.Host) };
        subject.Thaw();

        Assert.That(reasons, Is.All.Contains("Hold timer expired").IgnoreCase);
        _topology.AwaitSessions();
    }
}
