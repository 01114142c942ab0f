namespace Bgp.Protocol;

/// <summary>Graceful Restart (RFC 4724 §3).</summary>
/// <param name="RestartState">The R bit: the sender has restarted, do not wait for its End-of-RIB.</param>
/// <param name="NotificationBit">The N bit: routes also survive a NOTIFICATION that is no Hard Reset (RFC 8538 §2).</param>
/// <param name="RestartTime">Whole seconds, 0 to 4,095.</param>
/// <param name="Families">May be empty: the sender only helps others.</param>
public sealed record GracefulRestartCapability(
    bool RestartState, bool NotificationBit, TimeSpan RestartTime, IReadOnlyList<GracefulRestartFamily> Families)
{
    /// <summary>The largest Restart Time that 12 bits hold.</summary>
    public static readonly TimeSpan MaxRestartTime = TimeSpan.FromSeconds(4095);
}
