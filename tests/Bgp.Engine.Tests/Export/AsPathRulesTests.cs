using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>AS paths on their way to another AS, and back in where our number on the session is not the router's.</summary>
internal sealed class AsPathRulesTests
{
    private const string Block = "10.244.1.0/24";
    private const uint Router = 64500;

    [TestCase(LocalAsnMode.Prepend, "65010 64500 65001")]
    [TestCase(LocalAsnMode.NoPrepend, "65010 64500 65001")]
    [TestCase(LocalAsnMode.Replace, "65010 65001")]
    public void LocalAsn_Announced_StandsBeforeOrInsteadOfTheRouters(LocalAsnMode mode, string expected) =>
        Assert.That(Apply(Rules(neighbor => neighbor with { LocalAsn = new Asn(65010), LocalAsnMode = mode }), "65001"), Is.EqualTo(expected));

    [TestCase("65001 65002 65001", "64500 64500 65002 64500")]
    [TestCase("{65001,3}", "64500 {64500,3}")]
    public void AsOverride_NeighborsNumber_IsReplacedByOurs(string path, string expected) =>
        Assert.That(Apply(Rules(neighbor => neighbor with { AsOverride = true }), path), Is.EqualTo(expected));

    [TestCase(RemovePrivateAsMode.Off, "65002 7", "64500 65002 7")]
    [TestCase(RemovePrivateAsMode.OnlyPrivate, "65002 4200000000", "64500")]
    [TestCase(RemovePrivateAsMode.OnlyPrivate, "65002 7", "64500 65002 7")]
    [TestCase(RemovePrivateAsMode.All, "65002 7 65003", "64500 7")]
    [TestCase(RemovePrivateAsMode.All, "{65002,65003} 7", "64500 7")]
    [TestCase(RemovePrivateAsMode.All, "65001 7", "64500 65001 7")]
    [TestCase(RemovePrivateAsMode.Replace, "65002 7 65003", "64500 64500 7 64500")]
    [TestCase(RemovePrivateAsMode.All, "65535 4294967295", "64500 65535 4294967295")]
    public void RemovePrivateAs_Mode_DoesToThePathWhatItSays(RemovePrivateAsMode mode, string path, string expected) =>
        Assert.That(Apply(Rules(neighbor => neighbor with { RemovePrivateAs = mode }), path), Is.EqualTo(expected));

    [Test]
    public void Rules_WithoutSettings_DoNotNameTheNeighbor() =>
        Assert.That(Rules(neighbor => neighbor with { RemoteAsn = new Asn(1) }), Is.EqualTo(Rules(neighbor => neighbor with { RemoteAsn = new Asn(2) })));

    [TestCase(LocalAsnMode.Prepend, "65010 65001")]
    [TestCase(LocalAsnMode.NoPrepend, "65001")]
    [TestCase(LocalAsnMode.Replace, "65001")]
    public void LocalAsn_Received_StandsInFrontWhereTheModeSaysSo(LocalAsnMode mode, string expected)
    {
        using var engine = LocalAsnEngine(mode, out var peer);

        engine.Announce(peer, Block);

        Assert.That(engine.Best(Block).AsPath, Is.EqualTo(expected));
    }

    [Test]
    public void LocalAsn_RoutersNumberBecomesTheSameByReload_StandsInFrontNoMore()
    {
        using var engine = LocalAsnEngine(LocalAsnMode.Prepend, out var peer);
        engine.Announce(peer, Block);
        engine.Settle();
        Assert.That(engine.Best(Block).AsPath, Is.EqualTo("65010 65001"));

        engine.Config = engine.Config with { LocalAsn = new Asn(65010) };
        engine.Configure();
        engine.Settle();
        Assert.That(engine.Best(Block).AsPath, Is.EqualTo("65001"));

        engine.Announce(peer, Block, spec => spec.Path = [65001, 65002]);
        engine.Settle();
        Assert.That(engine.Best(Block).AsPath, Is.EqualTo("65001 65002"));
    }

    [TestCase(64512u)]
    [TestCase(65010u)]
    public void LocalAsn_EitherOfOursInAReceivedPath_IsALoop(uint asn)
    {
        using var engine = LocalAsnEngine(LocalAsnMode.Prepend, out var peer);

        engine.Announce(peer, Block, spec => spec.Path = [65001, asn]);

        Assert.That(engine.Routes().Single().Reason, Is.EqualTo(PathReason.AsLoop));
    }

    [TestCase("10.0.0.9", "10.0.0.9")]
    [TestCase(null, "10.0.0.1")]
    public void NextHopAddress_Configured_TakesThePlaceOfTheSessions(string? configured, string expected)
    {
        using var engine = new EngineHarness();
        var source = engine.Add(1, client: true);
        var target = engine.Add(2, external: true, change: neighbor => neighbor with
        {
            Multihop = 3,
            NextHopV4 = configured is null ? IpAddress.None : IpAddress.Parse(configured),
        });
        engine.Configure();
        engine.Up(source);
        engine.Up(target);

        engine.Announce(source, Block);
        engine.Settle();

        Assert.That(target[Block].NextHop, Is.EqualTo(IpAddress.Parse(expected)));
    }

    private static EngineHarness LocalAsnEngine(LocalAsnMode mode, out TestPeer peer)
    {
        var engine = new EngineHarness();
        peer = engine.Add(1, external: true, change: neighbor => neighbor with { LocalAsn = new Asn(65010), LocalAsnMode = mode });
        engine.Configure();
        engine.Up(peer);
        return engine;
    }

    private static AsPathRules Rules(Func<NeighborConfig, NeighborConfig> change)
    {
        var neighbor = change(new NeighborConfig
        {
            Key = new NeighborKey(IpAddress.Parse("192.0.2.1"), "", BgpConstants.Port),
            RemoteAsn = new Asn(65001),
            LocalAsn = new Asn(Router),
            Families = [new FamilyConfig(AddressFamily.Ipv4Unicast)],
        });
        return AsPathRules.Of(neighbor, new Asn(neighbor.LocalAsn.Value), neighbor.RemoteAsn, new Asn(Router));
    }

    private static string Apply(AsPathRules rules, string path)
    {
        var bytes = PathBytes.Of(path);
        var room = bytes.Length + AsPathRules.MostAdded;
        return new AsPathView(rules.Apply(bytes, new byte[room], new byte[room])).ToString();
    }
}
