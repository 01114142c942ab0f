using System.Diagnostics.Metrics;
using Bgp.Engine;

namespace Bgp.Daemon;

/// <summary>The meter <c>bgp</c>: what an exporter or <c>dotnet-counters</c> can read.</summary>
internal sealed class DaemonMetrics : IDisposable
{
    private readonly Meter _meter = new("bgp");
    private readonly Counter<long> _flaps;
    private readonly Counter<long> _failedAttempts;
    private readonly Counter<long> _updateFaults;
    private readonly Counter<long> _strangers;
    private readonly int[] _sessions = new int[(int)SessionState.Established + 1];

    public DaemonMetrics()
    {
        _flaps = _meter.CreateCounter<long>("bgp.session.flaps", description: "Established sessions that ended, by reason.");
        _failedAttempts = _meter.CreateCounter<long>("bgp.session.failed_attempts", description: "Attempts that did not become a session, by reason.");
        _updateFaults = _meter.CreateCounter<long>("bgp.update.faults", description: "Malformed UPDATEs, by what they cost (RFC 7606).");
        _strangers = _meter.CreateCounter<long>("bgp.session.strangers", description: "Connections from addresses that no neighbor has.");
        _meter.CreateObservableGauge("bgp.sessions", ObserveSessions, description: "Neighbors by the state of their session.");
    }

    public void Note(in SpeakerEvent occurrence)
    {
        switch (occurrence.Kind)
        {
            case SpeakerEventKind.StateChanged:
                Interlocked.Decrement(ref _sessions[(int)occurrence.OldState]);
                Interlocked.Increment(ref _sessions[(int)occurrence.NewState]);
                break;
            case SpeakerEventKind.SessionDown:
                _flaps.Add(1, Tag(occurrence.Reason));
                break;
            case SpeakerEventKind.AttemptFailed:
                _failedAttempts.Add(1, Tag(occurrence.Reason));
                break;
            case SpeakerEventKind.UpdateFault:
                _updateFaults.Add(1, new KeyValuePair<string, object?>("action", occurrence.Action.ToString()));
                break;
            case SpeakerEventKind.StrangerRefused:
                _strangers.Add(1);
                break;
        }
    }

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(SessionDownReason? reason) => new("reason", reason?.Kind.ToString());

    /// <summary>Idle is where every neighbor begins and ends, so that its own count is not kept by changes alone and is left out.</summary>
    private IEnumerable<Measurement<int>> ObserveSessions()
    {
        for (var state = SessionState.Connect; state <= SessionState.Established; state++)
        {
            yield return new Measurement<int>(Volatile.Read(ref _sessions[(int)state]), new KeyValuePair<string, object?>("state", state.ToString()));
        }
    }
}
