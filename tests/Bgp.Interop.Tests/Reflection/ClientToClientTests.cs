namespace Bgp.Interop.Tests;

/// <summary>Client-to-client off, for clusters whose clients are meshed among themselves: turned off and on again by a reload, with no session reset.</summary>
[NonParallelizable]
internal sealed class ClientToClientTests
{
    private static readonly Route Block = new("198.51.100.0/24");
    private static readonly string[] Others = ["left1", "left2", "left3", "right", "plain"];

    private ReflectedNetwork _network = null!;

    [SetUp]
    public void Build()
    {
        _network = new ReflectedNetwork();
        _network.Add("subject", SpeakerKind.Daemon);
        _network.Add("left1", SpeakerKind.Bird);
        _network.Add("left2", SpeakerKind.Frr);
        _network.Add("left3", SpeakerKind.GoBgp);
        _network.Add("right", SpeakerKind.Frr);
        _network.Add("plain", SpeakerKind.Bird);
        _network.Peer("subject", "left1", isClient: true);
        _network.Peer("subject", "left2", isClient: true);
        _network.Peer("subject", "left3", isClient: true);
        _network.Peer("subject", "right", isClient: true, "192.0.2.102");
        _network.Peer("subject", "plain");
        _network.Start();
        _network["left1"].Announce(Block);
    }

    [TearDown]
    public void TearDown() => _network?.Dispose();

    [Test]
    public void ClientToClient_TurnedOffAndOnAgain_IsWithinAClusterOnly()
    {
        foreach (var name in Others.Skip(1))
        {
            Routes.Await(Block.Prefix, _network[name], _network.HostOf("subject"));
        }

        var sessions = Incarnations();
        _network.Daemon("subject").ChangeRouter("clientToClient: false");

        Routes.AwaitNone(Block.Prefix, _network["left2"], _network.HostOf("subject"));
        Routes.AwaitNone(Block.Prefix, _network["left3"], _network.HostOf("subject"));
        Assert.That(_network["right"].Received(Block.Prefix, _network.HostOf("subject")), Is.Not.Null);
        Assert.That(_network["plain"].Received(Block.Prefix, _network.HostOf("subject")), Is.Not.Null);

        _network.Daemon("subject").ChangeRouter("");

        Routes.Await(Block.Prefix, _network["left2"], _network.HostOf("subject"));
        Routes.Await(Block.Prefix, _network["left3"], _network.HostOf("subject"));
        Assert.That(Incarnations(), Is.EqualTo(sessions));
    }

    private string[] Incarnations() => [.. Others.Select(name => _network["subject"].Incarnation(_network.HostOf(name)))];
}
