using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>
/// What makes routes of a session ineligible before any policy is asked: RFC 4271 §9.1.2 and RFC 5065 §4 (AS loop), RFC 4456 §8 (reflection loop), RFC 4271 §6.3 (first AS), RFC 9234 §5 (leak). Holds all settings
/// that the checks look at, by value: where a reload makes them others, the routes that are there already are judged again.
/// </summary>
internal readonly record struct LoopRules
{
    private SessionType Session { get; init; }

    /// <summary>Our number within the confederation; <c>null</c> where there is none.</summary>
    private Asn? MemberAsn { get; init; }

    private Asn OwnAsn { get; init; }

    private Asn ShownAsn { get; init; }

    private Asn RemoteAsn { get; init; }

    private RouterId RouterId { get; init; }

    /// <summary>Ours, sorted; compared by reference. Default where they are not asked about.</summary>
    private ImmutableArray<RouterId> Clusters { get; init; }

    private bool EnforceFirstAs { get; init; }

    private int AllowLocalAs { get; init; }

    private BgpRole? Role { get; init; }

    public static LoopRules Of(RibContext context, NeighborConfig neighbor, NegotiatedSession session) => new()
    {
        Session = session.Type,
        MemberAsn = context.Config.ConfederationId is null ? null : context.Config.LocalAsn,
        OwnAsn = context.Config.OutsideAsn,
        ShownAsn = session.Type == SessionType.External ? session.LocalAsn : context.Config.OutsideAsn,
        RemoteAsn = session.RemoteAsn,
        RouterId = context.Config.RouterId,
        Clusters = session.Type == SessionType.Internal ? context.Clusters : default,
        EnforceFirstAs = neighbor.EnforceFirstAs,
        AllowLocalAs = neighbor.AllowLocalAs,
        Role = session.Type == SessionType.External ? neighbor.Role : null,
    };

    /// <summary>Why the routes of a received set are of no use; <see cref="PathReason.None"/> where these checks find nothing.</summary>
    public PathReason Judge(in PathAttributes set)
    {
        var path = set.AsPath;
        if (Session != SessionType.Internal)
        {
            if (EnforceFirstAs && (Session == SessionType.External ? path.NeighborAs : path.FirstAs) != RemoteAsn)
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

            if (HasOwnCluster(set.ClusterList))
            {
                return PathReason.ClusterLoop;
            }
        }

        return OwnNumbers(path) > AllowLocalAs ? PathReason.AsLoop : PathReason.None;
    }

    private bool HasOwnCluster(in ClusterListView list)
    {
        for (var at = 0; at < list.Count; at++)
        {
            if (Clusters.BinarySearch(list[at]) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How often the path names us. A member AS is ours only within the confederation: outside it may be anybody's private number.</summary>
    private int OwnNumbers(in AsPathView path)
    {
        if (MemberAsn is not { } member)
        {
            return path.Count(OwnAsn) + (ShownAsn == OwnAsn ? 0 : path.Count(ShownAsn));
        }

        return path.CountInConfederation(member) + path.CountOutside(OwnAsn) + (ShownAsn == OwnAsn ? 0 : path.CountOutside(ShownAsn));
    }
}
