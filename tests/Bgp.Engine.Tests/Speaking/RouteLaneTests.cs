using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>In which order the route lane does what waits.</summary>
[TestFixture]
internal sealed class RouteLaneTests
{
    private static readonly SpeakerConfig Config = new() { LocalAsn = new Asn(65000), RouterId = new RouterId(1), ClusterId = new RouterId(1) };

    [Test]
    public void Run_MoreStepsWait_KernelHasItsWorkAfterTheFirst()
    {
        var kernel = new CountingKernel();
        var options = new SpeakerOptions { Seed = 1, Wake = _ => { }, Raise = _ => { } };
        using var speaker = new Speaker(options, new SilentTransport(), kernel);
        speaker.Configure(Config);
        speaker.Run(Lane.Sessions, Instant.Zero);
        var dumpsThen = -1;
        speaker.AskRoutes(_ => dumpsThen = kernel.Dumps);

        speaker.Run(Lane.Routes, Instant.Zero);

        Assert.That(dumpsThen, Is.EqualTo(1), "the configuration is the first step, the question the second");
    }

    private sealed class CountingKernel : IKernel
    {
        public int Dumps { get; private set; }

        public void Submit(FibBatch batch)
        {
        }

        public void RequestDump(FibConfig marks) => Dumps++;

        public void Watch(ImmutableArray<uint> tables)
        {
        }
    }

    private sealed class SilentTransport : ITransport
    {
        public void Connect(PeerId peer, ConnectionId connection, NeighborConfig neighbor)
        {
        }

        public void Adopt(object accepted, PeerId peer, ConnectionId connection, NeighborConfig neighbor)
        {
        }

        public void Refuse(object accepted)
        {
        }

        public void Send(PeerId peer, ConnectionId connection, ReadOnlyMemory<byte> message)
        {
        }

        public void Close(PeerId peer, ConnectionId connection)
        {
        }

        public void Processed(PeerId peer, ConnectionId connection)
        {
        }

        public void Negotiated(PeerId peer, ConnectionId connection, NegotiatedSession session)
        {
        }

        public void Admit(PeerId peer, ConnectionId connection, SessionGeneration generation)
        {
        }

        public void Probe(PeerId peer, ConnectionId connection)
        {
        }

        public void Attach(PeerId peer, SessionGeneration generation, OutputCursor cursor)
        {
        }

        public void Wake(PeerId peer, SessionGeneration generation)
        {
        }

        public void Return(UpdateBatch batch)
        {
        }

        public void Prepare(IReadOnlyList<NeighborRange> ranges)
        {
        }

        public void Prepare(PeerId peer, NeighborConfig neighbor)
        {
        }

        public void Forget(PeerId peer)
        {
        }
    }
}
