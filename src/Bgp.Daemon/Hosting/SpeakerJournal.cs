using System.Collections.Concurrent;
using Bgp.Engine;
using Microsoft.Extensions.Logging;

namespace Bgp.Daemon;

/// <summary>What the speaker tells of itself, as log lines and metrics. It is called on the lanes: nothing here waits.</summary>
internal sealed partial class SpeakerJournal(ILogger logger, DaemonMetrics metrics, TimeProvider time)
{
    // Events of the route lane name a neighbor by number only; each has told its name on the session lane by then.
    private readonly ConcurrentDictionary<PeerId, string> _names = new();

    // Attempts go on for as long as a neighbor is away: only another cause than the last one is news, and a neighbor that has ever new ones has a budget too.
    private readonly ConcurrentDictionary<PeerId, (string Neighbor, string Cause, LineBudget Budget)> _causes = new();

    // Told by the session lane only.
    private readonly LineBudget _strangers = new(time);

    // Told by the route lane only.
    private readonly ConcurrentDictionary<PeerId, (string Neighbor, LineBudget Budget)> _faults = new();

    public void Record(SpeakerEvent occurrence)
    {
        metrics.Note(occurrence);
        if (occurrence.Neighbor is { } named)
        {
            _names[occurrence.Peer] = named.Name is { } name ? $"{named.Key} ({name})" : named.Key.ToString();
        }

        var neighbor = _names.GetValueOrDefault(occurrence.Peer, "");
        switch (occurrence.Kind)
        {
            case SpeakerEventKind.SessionUp when occurrence.Session is { } session:
                _causes.TryRemove(occurrence.Peer, out _);
                SessionUp(logger, neighbor, session.RemoteAsn.Value, session.RemoteRouterId, string.Join(' ', session.Families));
                break;
            case SpeakerEventKind.SessionDown:
                SessionDown(logger, neighbor, occurrence.Reason);
                break;
            case SpeakerEventKind.AttemptFailed:
                AttemptFailed(occurrence.Peer, neighbor, $"{occurrence.Reason}");
                break;
            case SpeakerEventKind.StateChanged:
                StateChanged(logger, neighbor, occurrence.OldState, occurrence.NewState);
                break;
            case SpeakerEventKind.StrangerRefused:
                StrangerRefused(occurrence.Ends.Remote);
                break;
            case SpeakerEventKind.RangeFull:
                RangeFull(logger, occurrence.Ends.Remote, occurrence.Prefix);
                break;
            case SpeakerEventKind.UpdateFault:
                UpdateFault(neighbor, occurrence);
                break;
            case SpeakerEventKind.PrefixLimit:
                PrefixLimit(logger, neighbor, occurrence.Family);
                break;
            case SpeakerEventKind.EndOfRib:
                EndOfRib(logger, neighbor, occurrence.Family);
                break;
            case SpeakerEventKind.FibNotice:
                FibNotice(logger, occurrence.Prefix, occurrence.Text);
                break;
            case SpeakerEventKind.Configured:
                Configured(logger);
                break;
        }
    }

    private void StrangerRefused(Protocol.IpAddress address)
    {
        var verdict = _strangers.Take(out var withheld);
        if (withheld > 0)
        {
            MoreStrangers(logger, withheld);
        }

        if (verdict == LineVerdict.Tell)
        {
            StrangerRefused(logger, address);
        }
        else if (verdict == LineVerdict.FirstWithheld)
        {
            ManyStrangers(logger);
        }
    }

    private void UpdateFault(string neighbor, SpeakerEvent occurrence)
    {
        // A number is given out again: what one neighbor had withheld is not told of the next.
        var faults = _faults.GetValueOrDefault(occurrence.Peer);
        if (faults.Neighbor != neighbor)
        {
            _faults[occurrence.Peer] = faults = (neighbor, new LineBudget(time));
        }

        var verdict = faults.Budget.Take(out var withheld);
        if (withheld > 0)
        {
            MoreFaults(logger, neighbor, withheld);
        }

        if (verdict == LineVerdict.Tell)
        {
            UpdateFault(logger, neighbor, occurrence.Error, occurrence.Attribute, occurrence.Action);
        }
        else if (verdict == LineVerdict.FirstWithheld)
        {
            ManyFaults(logger, neighbor);
        }
    }

    private void AttemptFailed(PeerId peer, string neighbor, string cause)
    {
        var last = _causes.GetValueOrDefault(peer);
        var budget = last.Neighbor == neighbor ? last.Budget : new LineBudget(time);
        var isNews = (last.Neighbor, last.Cause) != (neighbor, cause) && budget.Take(out _) == LineVerdict.Tell;
        _causes[peer] = (neighbor, cause, budget);
        AttemptFailed(logger, isNews ? LogLevel.Information : LogLevel.Debug, neighbor, cause);
    }

    [LoggerMessage(1001, LogLevel.Information, "neighbor {Neighbor} is up: AS {Asn}, router id {RouterId}, {Families}")]
    private static partial void SessionUp(ILogger logger, string neighbor, uint asn, Protocol.RouterId routerId, string families);

    [LoggerMessage(1002, LogLevel.Warning, "neighbor {Neighbor} is down: {Reason}")]
    private static partial void SessionDown(ILogger logger, string neighbor, SessionDownReason? reason);

    [LoggerMessage(EventId = 1003, Message = "neighbor {Neighbor} did not come up: {Reason}")]
    private static partial void AttemptFailed(ILogger logger, LogLevel level, string neighbor, string reason);

    [LoggerMessage(1004, LogLevel.Debug, "neighbor {Neighbor}: {Old} to {New}")]
    private static partial void StateChanged(ILogger logger, string neighbor, SessionState old, SessionState @new);

    [LoggerMessage(1005, LogLevel.Information, "a connection from {Address}, which is no neighbor's, was refused")]
    private static partial void StrangerRefused(ILogger logger, Protocol.IpAddress address);

    [LoggerMessage(1006, LogLevel.Warning, "a connection from {Address} was refused: dynamicNeighbors {Prefix} has as many as its limit allows; for the next minute others are refused without a line")]
    private static partial void RangeFull(ILogger logger, Protocol.IpAddress address, Protocol.IpPrefix prefix);

    [LoggerMessage(1007, LogLevel.Warning, "many connections from addresses that are no neighbor's are refused: for the rest of this minute they are counted, and not told one by one")]
    private static partial void ManyStrangers(ILogger logger);

    [LoggerMessage(1008, LogLevel.Warning, "{Count} more connections from addresses that are no neighbor's were refused")]
    private static partial void MoreStrangers(ILogger logger, long count);

    [LoggerMessage(2001, LogLevel.Warning, "neighbor {Neighbor} sent a malformed UPDATE: {Error} ({Attribute}); it cost {Action}")]
    private static partial void UpdateFault(ILogger logger, string neighbor, Protocol.BgpError error, Protocol.AttributeType attribute, Protocol.UpdateErrorAction action);

    [LoggerMessage(2002, LogLevel.Debug, "neighbor {Neighbor} has sent all its routes of {Family}")]
    private static partial void EndOfRib(ILogger logger, string neighbor, Protocol.AddressFamily family);

    [LoggerMessage(2004, LogLevel.Warning, "neighbor {Neighbor} sends many malformed UPDATEs: for the rest of this minute they are counted, and not told one by one")]
    private static partial void ManyFaults(ILogger logger, string neighbor);

    [LoggerMessage(2005, LogLevel.Warning, "neighbor {Neighbor} sent {Count} more malformed UPDATEs")]
    private static partial void MoreFaults(ILogger logger, string neighbor, long count);

    [LoggerMessage(2003, LogLevel.Warning, "neighbor {Neighbor} has announced more routes of {Family} than maxPrefixes allows")]
    private static partial void PrefixLimit(ILogger logger, string neighbor, Protocol.AddressFamily family);

    [LoggerMessage(3001, LogLevel.Warning, "kernel route {Prefix}: {Notice}")]
    private static partial void FibNotice(ILogger logger, Protocol.IpPrefix prefix, string? notice);

    [LoggerMessage(5001, LogLevel.Information, "the configuration is applied")]
    private static partial void Configured(ILogger logger);
}
