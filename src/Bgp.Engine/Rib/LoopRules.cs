using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// What makes routes of a session ineligible before any policy is asked: RFC 4271 §9.1.2 (AS loop), RFC 4456 §8 (reflection loop), RFC 4271 §6.3 (first AS), RFC 9234 §5 (leak). Holds all settings
/// that the checks look at, by value: where a reload makes them others, the routes that are there already are judged again.
/// </summary>
internal readonly record struct LoopRules
{
    private bool IsExternal { get; init; }

    private Asn OwnAsn { get; init; }

    private Asn ShownAsn { get; init; }

    private Asn RemoteAsn { get; init; }

    private RouterId RouterId { get; init; }

    private RouterId ClusterId { get; init; }

    private bool EnforceFirstAs { get; init; }

    private int AllowLocalAs { get; init; }

    private BgpRole? Role { get; init; }

    public static LoopRules Of(SpeakerConfig speaker, NeighborConfig neighbor, NegotiatedSession session) => new()
    {
        IsExternal = session.IsExternal,
        OwnAsn = speaker.LocalAsn,
        ShownAsn = session.LocalAsn,
        RemoteAsn = session.RemoteAsn,
        RouterId = speaker.RouterId,
        ClusterId = neighbor.ClusterId ?? speaker.ClusterId,
        EnforceFirstAs = neighbor.EnforceFirstAs,
        AllowLocalAs = neighbor.AllowLocalAs,
        Role = session.IsExternal ? neighbor.Role : null,
    };

    /// <summary>Why the routes of a received set are of no use; <see cref="PathReason.None"/> where these checks find nothing.</summary>
    public PathReason Judge(in PathAttributes set)
    {
        var path = set.AsPath;
        if (IsExternal)
        {
            if (EnforceFirstAs && path.NeighborAs != RemoteAsn)
            {
                return PathReason.FirstAsMismatch;
            }

            if (Role is { } role && set.OnlyToCustomer is { } mark && Roles.IsLeak(role, mark, RemoteAsn))
            {
                return PathReason.RouteLeak;
            }
        }
        else
        {
            if (set.OriginatorId == RouterId)
            {
                return PathReason.OriginatorLoop;
            }

            if (set.ClusterList.Contains(ClusterId))
            {
                return PathReason.ClusterLoop;
            }
        }

        var count = path.Count(OwnAsn) + (ShownAsn == OwnAsn ? 0 : path.Count(ShownAsn));
        return count > AllowLocalAs ? PathReason.AsLoop : PathReason.None;
    }
}
