using System.Collections.Immutable;

namespace Bgp.Engine.Tests;

/// <summary>An engine between two neighbors of other ASes: routes come from one by an import policy and go to the other by an export policy; without one everything passes.</summary>
internal sealed class PolicyRun : IDisposable
{
    public PolicyRun(ImmutableArray<PolicyConfig>? import = null, ImmutableArray<PolicyConfig>? export = null)
    {
        Source = Engine.Add(1, external: true);
        Target = Engine.Add(2, external: true);
        Source.Neighbor = With(Source.Neighbor, import ?? [PolicyConfig.AcceptAll], null);
        Target.Neighbor = With(Target.Neighbor, null, export ?? [PolicyConfig.AcceptAll]);
        Engine.Configure();
        Engine.Up(Source);
        Engine.Up(Target);
        Engine.Settle();
    }

    public EngineHarness Engine { get; } = new();

    public TestPeer Source { get; }

    public TestPeer Target { get; }

    public void Announce(string prefix, Action<AttributeSpec>? change = null)
    {
        Engine.Announce(Source, prefix, change);
        Engine.Settle();
    }

    public void Reconfigure(TestPeer peer, ImmutableArray<PolicyConfig>? import = null, ImmutableArray<PolicyConfig>? export = null)
    {
        peer.Neighbor = With(peer.Neighbor, import, export);
        Engine.Configure();
        Engine.Settle();
    }

    public void Dispose() => Engine.Dispose();

    private static NeighborConfig With(NeighborConfig neighbor, ImmutableArray<PolicyConfig>? import, ImmutableArray<PolicyConfig>? export) => neighbor with
    {
        Families = [.. neighbor.Families.Select(family => family with { ImportPolicy = import ?? family.ImportPolicy, ExportPolicy = export ?? family.ExportPolicy })],
    };
}
