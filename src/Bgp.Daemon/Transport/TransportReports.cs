using Bgp.Engine;

namespace Bgp.Daemon;

/// <summary>Where a transport's reports go: the speaker's <c>Post</c> methods. They come from any thread and must not block.</summary>
/// <param name="Event">A connection's event.</param>
/// <param name="Updates">A batch of UPDATEs; ownership goes along.</param>
/// <param name="Sent">A cursor that got on, or was closed.</param>
internal sealed record TransportReports(Action<TransportEvent> Event, Action<UpdateBatch> Updates, Action<OutputCursor> Sent)
{
    /// <summary>Before the transport was started: there is nobody to report to, and nothing to report.</summary>
    public static readonly TransportReports NotStarted = new(
        _ => throw new InvalidOperationException("the transport was not started"),
        _ => throw new InvalidOperationException("the transport was not started"),
        _ => throw new InvalidOperationException("the transport was not started"));
}
