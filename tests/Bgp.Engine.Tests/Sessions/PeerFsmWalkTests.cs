namespace Bgp.Engine.Tests;

/// <summary>Two neighbors in a hostile network: whatever happened, once it stops they meet again, and nothing was leaked.</summary>
internal sealed class PeerFsmWalkTests
{
    private const int WalksPerTest = 50;

    [Test]
    public void Walk_NoiseStops_BothEstablishedOnOneConnection([Range(0, 3)] int batch)
    {
        for (var seed = batch * WalksPerTest; seed < (batch + 1) * WalksPerTest; seed++)
        {
            var walk = new SessionWalk(seed);
            walk.Start();
            walk.Noise(TimeSpan.FromMinutes(15));
            walk.Run(TimeSpan.FromMinutes(15));
            var (left, right) = (walk.Sides[0], walk.Sides[1]);
            Assert.That(left.Up, Is.Not.Null, $"seed {seed}");
            Assert.That(right.Up, Is.Not.Null, $"seed {seed}");
            Assert.That(left.Ends[left.Up!.Value].Wire!.Ends, Does.Contain(right.Ends[right.Up!.Value]), $"seed {seed}: both ends of one connection");
            Assert.That((left.Ends.Count, right.Ends.Count), Is.EqualTo((1, 1)), $"seed {seed}: nothing else is open");
            Assert.That(left.Ups, Is.GreaterThan(1), $"seed {seed}: the noise was noise");
        }
    }

    [Test]
    public void Walk_NoNoise_EstablishesAndStays([Range(0, 3)] int batch)
    {
        for (var seed = batch * WalksPerTest; seed < (batch + 1) * WalksPerTest; seed++)
        {
            var walk = new SessionWalk(seed);
            walk.Start();
            walk.Run(TimeSpan.FromMinutes(1));
            Assert.That(walk.Sides.Select(side => side.Up), Has.None.Null, $"seed {seed}");
            var ups = walk.Sides.Select(side => side.Ups).ToArray();
            walk.Run(TimeSpan.FromHours(1));
            Assert.That(walk.Sides.Select(side => side.Ups), Is.EqualTo(ups), $"seed {seed}: no session was lost");
        }
    }

    [Test]
    public void Walk_RemovedInTheMiddle_LeavesNothingOpen([Range(0, 3)] int batch)
    {
        for (var seed = batch * WalksPerTest; seed < (batch + 1) * WalksPerTest; seed++)
        {
            var walk = new SessionWalk(seed);
            walk.Start();
            walk.Noise(TimeSpan.FromMinutes(2));
            walk.Remove();
            foreach (var side in walk.Sides)
            {
                Assert.That(side.IsRemoved, Is.True, $"seed {seed}");
                Assert.That(side.Ends, Is.Empty, $"seed {seed}");
                Assert.That((side.Up, side.Fsm.NextDeadline), Is.EqualTo(((ConnectionId?)null, (Instant?)null)), $"seed {seed}");
            }
        }
    }
}
