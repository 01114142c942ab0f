namespace Bgp.Protocol;

/// <summary>A family of the Long-Lived Graceful Restart capability (RFC 9494 §3.1).</summary>
/// <param name="Family">The family.</param>
/// <param name="ForwardingState">The F bit.</param>
/// <param name="StaleTime">Whole seconds, 0 to 2^24 − 1.</param>
public readonly record struct LongLivedFamily(AddressFamily Family, bool ForwardingState, TimeSpan StaleTime)
{
    /// <summary>The largest Long-Lived Stale Time that 24 bits hold.</summary>
    public static readonly TimeSpan MaxStaleTime = TimeSpan.FromSeconds(0xffffff);
}
