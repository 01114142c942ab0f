namespace Bgp.Engine;

/// <summary>
/// How long to wait before the next connection, by how the last ones ended (RFC 4271 §8.1.1, DampPeerOscillations). What failed in the
/// handshake, and a session that did not stay up for <see cref="StableTime"/>, doubles the wait from the configured connect-retry time up
/// to <see cref="MaxDelay"/>. A session that stayed up, or an operator's reset at either end, starts over. A neighbor that merely cannot be reached is
/// tried at the connect-retry time for ever.
/// </summary>
internal sealed class RetryBackoff(Jitter jitter)
{
    /// <summary>A session that stayed up this long has proved itself.</summary>
    public static readonly TimeSpan StableTime = TimeSpan.FromMinutes(1);

    /// <summary>The longest wait, unless connect-retry itself is longer.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(2);

    /// <summary>The wait after a session that had proved itself: long enough for the other end to notice too.</summary>
    public static readonly TimeSpan QuickDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// From the second failure in a row the neighbor's own connections are refused this long (RFC 4271 §8.1.1, IdleHoldTime): it bounds a
    /// neighbor that comes at once with the same fault.
    /// </summary>
    public static readonly TimeSpan IdleHold = TimeSpan.FromSeconds(1);

    private const int MaxDoublings = 20;

    /// <summary>Failures in a row.</summary>
    public int Failures { get; private set; }

    public bool HoldsIdle => Failures >= 2;

    public void Reset() => Failures = 0;

    /// <summary>Takes note of how a connection ended.</summary>
    /// <param name="reason">Why it ended.</param>
    /// <param name="upFor">How long it was established; <c>null</c> where it never was.</param>
    public void Ended(SessionDownReason reason, TimeSpan? upFor)
    {
        // A neighbor whose operator ends a session at once, again and again, is held off as any other; one that keeps it for the time of the hold needs none.
        var isWanted = upFor >= IdleHold && reason.IsOperatorsThere;
        if (upFor >= StableTime || isWanted || reason.Kind is SessionDownKind.AdminReset or SessionDownKind.AdminDown or SessionDownKind.SettingsChanged or SessionDownKind.NeighborMoved or SessionDownKind.LinkDown)
        {
            Failures = 0;
        }
        else if (!IsNeutral(reason))
        {
            Failures++;
        }
    }

    /// <summary>The wait that follows a connection's end.</summary>
    public TimeSpan Delay(SessionDownReason reason, TimeSpan connectRetry)
    {
        if (reason.Kind == SessionDownKind.ConnectFailed)
        {
            return jitter.Apply(connectRetry);
        }

        if (Failures == 0 || IsNeutral(reason))
        {
            return jitter.Apply(connectRetry < QuickDelay ? connectRetry : QuickDelay);
        }

        if (connectRetry >= MaxDelay)
        {
            return jitter.Apply(connectRetry);
        }

        var doubled = connectRetry * (1L << Math.Min(Failures - 1, MaxDoublings));
        return jitter.Apply(doubled < MaxDelay ? doubled : MaxDelay);
    }

    /// <summary>Unreachable is not faulty, and a lost collision is part of the protocol.</summary>
    private static bool IsNeutral(SessionDownReason reason) => reason.Kind == SessionDownKind.ConnectFailed || reason.IsCollision;
}
