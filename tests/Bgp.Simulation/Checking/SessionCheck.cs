using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// Why sessions may end, and why not: two correct speakers never find a fault in each other's messages, and no hold timer expires where nothing stood in the way of a KEEPALIVE.
/// </summary>
internal static class SessionCheck
{
    // How long after a disturbance, beyond the hold time, an expiry may still be its doing: retransmission, and the probe's interval.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    public static IEnumerable<string> Run(Simulator simulator, Disturbances disturbances)
    {
        foreach (var node in simulator.Nodes)
        {
            foreach (var (at, heard) in node.Events)
            {
                if (Fault(simulator, disturbances, node, at, heard) is { } fault)
                {
                    yield return $"{at} {node.Name}: {fault}";
                }
            }
        }
    }

    private static string? Fault(Simulator simulator, Disturbances disturbances, SimNode node, Instant at, SpeakerEvent heard)
    {
        if (heard.Kind == SpeakerEventKind.UpdateFault)
        {
            return $"an UPDATE of another correct speaker is at fault: {heard.Error}, {heard.Attribute}";
        }

        if (heard.Kind is not (SpeakerEventKind.SessionDown or SpeakerEventKind.AttemptFailed) || heard.Reason is not { } reason)
        {
            return null;
        }

        if (reason.Error?.Code is NotificationCode.MessageHeaderError or NotificationCode.OpenMessageError or NotificationCode.UpdateMessageError or NotificationCode.FiniteStateMachineError)
        {
            return $"a correct speaker is at fault: {reason} with {heard.Neighbor?.Key}";
        }

        var isExpiry = heard.Kind == SpeakerEventKind.SessionDown
            && (reason.Kind is SessionDownKind.HoldTimerExpired or SessionDownKind.SendHoldTimerExpired || reason.Error?.Code == NotificationCode.HoldTimerExpired);
        if (!isExpiry || simulator.Network.Find(heard.Neighbor!.Key.Address) is not { } other)
        {
            return null;
        }

        var since = new Instant((at - new Instant(0) - heard.Session!.HoldTime - Slack).Ticks / TimeSpan.TicksPerMicrosecond);
        return disturbances.Any(node, other, since, at) ? null : $"{reason} with {other.Name}, though nothing stood between them";
    }
}
