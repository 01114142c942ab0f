namespace Bgp.Engine;

/// <summary>Some total order, the same in every run: way by way, the shorter one first.</summary>
internal sealed class ForwardingOrder : IComparer<Forwarding>
{
    public static readonly ForwardingOrder Instance = new();

    public int Compare(Forwarding? x, Forwarding? y) =>
        x is null || y is null ? (x is null ? 0 : 1) - (y is null ? 0 : 1) : x.Hops.AsSpan().SequenceCompareTo(y.Hops.AsSpan());
}
