namespace Bgp.Interop.Tests;

/// <summary>
/// A node's own route comes back to it (RFC 4456 §8): its reflector, which is sent the route by another one too, has all paths for it and gives itself as their next hop, without which nobody
/// would send a node its own address.
/// </summary>
[NonParallelizable]
internal sealed class OwnRouteTests
{
    private static readonly Route Block = new("198.51.100.0/24");

    private ReflectedNetwork _network = null!;

    [SetUp]
    public void Build()
    {
        _network = new ReflectedNetwork();
        _network.Add("ours", SpeakerKind.Daemon);
        _network.Add("theirs", SpeakerKind.Bird);
        _network.Add("node", SpeakerKind.Daemon);
        _network.Peer("ours", "theirs");
        _network.Peer("ours", "node", isClient: true, addPaths: true, options: ["nextHop: self-all"]);
        _network.Peer("theirs", "node", isClient: true);
        _network.Start();
    }

    [TearDown]
    public void TearDown() => _network?.Dispose();

    [Test]
    public void OwnRoute_ComesBack_IsNotUsedAndGoesWithTheNetwork()
    {
        _network["node"].Announce(Block);

        Eventually.Get(
            "the node's own route comes back", () => _network.Daemon("node").Reasons(Block.Prefix, _network.HostOf("ours")), reasons => reasons.SequenceEqual(["originatorLoop"]));
        Assert.That(_network.Daemon("node").Imported(Block.Prefix), Is.EqualTo(new Route(Block.Prefix)).Using<Route>((shown, own) => (shown.OriginatorId, shown.NextHop) == (own.OriginatorId, own.NextHop)));

        _network["node"].Announce();

        _network.AwaitGoneEverywhere(Block.Prefix);
        Eventually.Holds("it is nobody's best", () => _network.Daemon("node").Imported(Block.Prefix) is null);
    }
}
