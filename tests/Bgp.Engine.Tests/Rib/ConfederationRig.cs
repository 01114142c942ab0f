using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>A speaker of member AS 64512 in confederation 64500, with neighbors of each kind.</summary>
internal sealed class ConfederationRig : IDisposable
{
    public const uint Id = 64500;
    public const uint Own = 64512;

    public ConfederationRig(Func<NeighborConfig, NeighborConfig>? change = null)
    {
        Engine = new EngineHarness { Config = new SpeakerConfig { LocalAsn = new Asn(Own), ConfederationId = new Asn(Id), RouterId = new RouterId(0x0a000001), ClusterId = new RouterId(0x0a000001) } };
        Func<NeighborConfig, NeighborConfig> also = change ?? (neighbor => neighbor);
        Inside = [Engine.Add(1, change: also), Engine.Add(2, change: also)];
        Members = [.. new[] { 3, 4 }.Select(number => Engine.Add(number, change: neighbor => also(neighbor with { RemoteAsn = new Asn(64510 + (uint)number), IsMember = true })))];
        Outside = [.. new[] { 11, 12 }.Select(number => Engine.Add(number, external: true, change: neighbor => also(neighbor with { LocalAsn = new Asn(Id) })))];
        Engine.Configure();
        foreach (var peer in Engine.Peers.Values)
        {
            Engine.Up(peer);
        }

        Engine.Settle();
    }

    public EngineHarness Engine { get; }

    /// <summary>Two of our member AS, 64512.</summary>
    public TestPeer[] Inside { get; }

    /// <summary>Of member ASes 64513 and 64514.</summary>
    public TestPeer[] Members { get; }

    /// <summary>Of AS 65011 and 65012, which are not in the confederation.</summary>
    public TestPeer[] Outside { get; }

    public void Dispose() => Engine.Dispose();
}
