using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Several paths of a destination from a peer with ADD-PATH (RFC 7911 §3, §5): a path is its prefix and its identifier.</summary>
public sealed class AddPathReceiveTests
{
    private const string Block = "10.244.1.0/24";

    [Test]
    public void Announce_SameIdentifierAgain_ReplacesThatPathOnly()
    {
        using var engine = Start(out var peer);
        Announce(engine, peer, 1, 100);
        Announce(engine, peer, 2, 200);
        Announce(engine, peer, 1, 300);
        Assert.That(Paths(engine), Is.EqualTo("1:300* 2:200"));
    }

    [TestCase(1u, "0:50 2:200*")]
    [TestCase(2u, "0:50 1:100*")]
    [TestCase(0u, "1:100 2:200*")]
    [TestCase(9u, "0:50 1:100 2:200*")]
    public void Withdraw_OneIdentifier_TheOthersStay(uint pathId, string expected)
    {
        using var engine = Start(out var peer);
        Announce(engine, peer, 0, 50);
        Announce(engine, peer, 1, 100);
        Announce(engine, peer, 2, 200);
        engine.WithdrawPath(peer, Block, pathId);
        engine.Settle();
        Assert.That(Paths(engine), Is.EqualTo(expected));
    }

    [Test]
    public void Announce_ThreePaths_TheBestIsTheSameInEveryOrder()
    {
        foreach (var order in (uint[][])[[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]])
        {
            using var engine = Start(out var peer);
            foreach (var pathId in order)
            {
                Announce(engine, peer, pathId, 100);
            }

            // Equal but for the identifier: the lowest wins.
            Assert.That(Paths(engine), Is.EqualTo("1:100* 2:100 3:100"), string.Join(' ', order));
        }
    }

    [Test]
    public void PeerDown_SeveralPathsOfSeveralPrefixes_AllArePurged()
    {
        using var engine = Start(out var peer);
        for (uint pathId = 0; pathId < 5; pathId++)
        {
            engine.Announce(peer, GroupTests.Many(20), pathId: pathId);
        }

        engine.Settle();
        var before = engine.Engine.Counts()[0];
        engine.Down(peer);
        engine.Settle();
        Assert.That((before.Paths, engine.Engine.Counts()[0].Paths, engine.Engine.AttributeSets), Is.EqualTo((100, 0, 0)));
    }

    // RFC 7313 with RFC 7911: a refresh that does not bring a path again takes that path and not its prefix.
    [Test]
    public void EndOfRefresh_OnePathIsNotAnnouncedAgain_OnlyThatOneGoes()
    {
        using var engine = Start(out var peer);
        Announce(engine, peer, 1, 100);
        Announce(engine, peer, 2, 200);
        engine.SendRaw(peer, Demarcation(RouteRefreshSubtype.BeginningOfRefresh));
        Announce(engine, peer, 1, 100);
        engine.SendRaw(peer, Demarcation(RouteRefreshSubtype.EndOfRefresh));
        engine.Settle();
        Assert.That(Paths(engine), Is.EqualTo("1:100*"));
    }

    [Test]
    public void Routes_SessionWithoutAddPath_HaveNoIdentifier()
    {
        using var engine = Start(out _);
        var plain = engine.Add(2, client: true);
        engine.Configure();
        engine.Up(plain);
        engine.Announce(plain, Block);
        engine.Settle();
        Assert.That(engine.Routes().Single().PathId, Is.Null);
    }

    private static EngineHarness Start(out TestPeer peer)
    {
        var engine = new EngineHarness();
        peer = engine.Add(1, client: true);
        peer.FromPeer = peer.FromPeer with { Flags = peer.FromPeer.Flags | CodecFlags.AddPathIpv4 };
        engine.Configure();
        engine.Up(peer);
        return engine;
    }

    private static void Announce(EngineHarness engine, TestPeer peer, uint pathId, uint localPref)
    {
        engine.Announce(peer, Block, spec => spec.LocalPref = localPref, pathId);
        engine.Settle();
    }

    private static string Paths(EngineHarness engine) =>
        string.Join(' ', engine.Routes().OrderBy(view => view.PathId!.Value.Value).Select(view => $"{view.PathId!.Value.Value}:{view.LocalPref}{(view.IsBest ? "*" : "")}"));

    private static byte[] Demarcation(RouteRefreshSubtype subtype)
    {
        var message = new byte[RouteRefreshMessage.Length];
        new RouteRefreshMessage(AddressFamily.Ipv4Unicast, subtype).WriteTo(message);
        return message;
    }
}
