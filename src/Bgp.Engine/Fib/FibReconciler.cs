#pragma warning disable
namespace Bgp.Engine;

public sealed class FibReconciler(FibConfig config) : IDisposable
{
    public Instant? NextDeadline => null;
    public bool IsFlushed => true;
    public void Apply(in FibInput input, Instant now, EffectBuffer<FibEffect> effects) => _ = config;
    public void Dispose() { }
}
