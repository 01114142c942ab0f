using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

internal sealed class PingMatrixTests
{
    private static readonly ImmutableArray<LabPod> TwoPods = [NewPod("pod1-1", "10.244.1.2"), NewPod("pod2-1", "10.244.2.2")];

    [Test]
    public void ToString_OneUnanswered_ShowsTheGap()
    {
        var matrix = new PingMatrix(TwoPods, [Result(0, 1, 0.25), Result(1, 0, null)]);

        Assert.That(matrix.ToString(), Is.EqualTo(
            """
            IPv4 from pod (row) to pod (column), milliseconds, X is none
                    pod1-1  pod2-1
            pod1-1       -    0.25
            pod2-1       X       -
            1 of 2 pings answered

            """));
    }

    [Test]
    public void IsComplete_OneUnanswered_IsFalse() =>
        Assert.That(new PingMatrix(TwoPods, [Result(0, 1, 0.25), Result(1, 0, null)]).IsComplete, Is.False);

    [Test]
    public void IsComplete_AllAnswered_IsTrue() =>
        Assert.That(new PingMatrix(TwoPods, [Result(0, 1, 0.25), Result(1, 0, 0.5)]).IsComplete, Is.True);

    private static PingResult Result(int from, int to, double? milliseconds) =>
        new(from, to, TwoPods[to].Addresses[0], milliseconds is { } time ? TimeSpan.FromMilliseconds(time) : null);

    private static LabPod NewPod(string name, string address) => new(name, "pod1", [IpAddress.Parse(address)]);
}
