using Bgp.Engine;

namespace Bgp.Daemon;

/// <summary>What the reasons mean that routes come with, for people: the detail view says it, and docs/commands.md has the same lines.</summary>
internal static class RouteReasons
{
    /// <summary>In the order in which they are asked: what keeps a path from being chosen at all, then the steps of the decision.</summary>
    public static IReadOnlyList<(PathReason Reason, string Meaning)> All { get; } =
    [
        (PathReason.RejectedByPolicy, "import policy rejected it; from an eBGP neighbor without import policy everything is rejected (RFC 8212)"),
        (PathReason.AsLoop, "our AS number is in its AS path (RFC 4271 §9.1.2)"),
        (PathReason.OriginatorLoop, "our router id is its ORIGINATOR_ID (RFC 4456 §8)"),
        (PathReason.ClusterLoop, "a cluster id of ours is in its CLUSTER_LIST (RFC 4456 §8)"),
        (PathReason.FirstAsMismatch, "its AS path does not begin with the neighbor's AS number (RFC 4271 §6.3)"),
        (PathReason.RouteLeak, "by ONLY_TO_CUSTOMER and our role it should not have come here (RFC 9234 §5)"),
        (PathReason.NextHopUnresolved, "its next hop is not reached (RFC 4271 §9.1.2.1)"),
        (PathReason.NextHopIsOwn, "its next hop is an address of this router (RFC 4271 §5.1.3)"),
        (PathReason.SessionDown, "the session that it came over has ended, and it is about to go (RFC 4271 §8.2.2)"),
        (PathReason.LowerWeight, "the best path has a greater weight, which a policy gave it, before any step of the RFC"),
        (PathReason.NotLocal, "the best path is this router's own, before any step of the RFC"),
        (PathReason.LowerLocalPref, "lower LOCAL_PREF (RFC 4271 §9.1.2, with §9.1.1)"),
        (PathReason.LongerAsPath, "longer AS path (RFC 4271 §9.1.2.2 a)"),
        (PathReason.WorseOrigin, "igp is before egp, and egp before incomplete (RFC 4271 §9.1.2.2 b)"),
        (PathReason.HigherMed, "higher MED than a path of the same neighboring AS (RFC 4271 §9.1.2.2 c)"),
        (PathReason.InternalPeer, "eBGP is before iBGP; within a confederation another member AS is before our own (RFC 4271 §9.1.2.2 d, RFC 5065 §5.3)"),
        (PathReason.HigherIgpCost, "the way to its next hop costs more (RFC 4271 §9.1.2.2 e)"),
        (PathReason.LongerConfederationPath, "it passed more member ASes of our confederation (RFC 5065 §5.3)"),
        (PathReason.HigherRouterId, "higher ORIGINATOR_ID, or router id of the neighbor where it has none (RFC 4271 §9.1.2.2 f, RFC 4456 §9)"),
        (PathReason.LongerClusterList, "longer CLUSTER_LIST (RFC 4456 §9)"),
        (PathReason.HigherPeerAddress, "higher address of the neighbor (RFC 4271 §9.1.2.2 g)"),
        (PathReason.HigherPathId, "higher path identifier of the same neighbor (RFC 7911 §3)"),
    ];

    public static IReadOnlyList<(NextHopFault Fault, string Meaning)> Faults { get; } =
    [
        (NextHopFault.NoKernelState, "the kernel has not told its routes yet"),
        (NextHopFault.NotUsable, "no packet can be sent to it: unspecified, or multicast"),
        (NextHopFault.OwnAddress, "it is an address of this router"),
        (NextHopFault.NoInterface, "it is link-local, and its interface is not known"),
        (NextHopFault.NoRoute, "no route covers it"),
        (NextHopFault.OnlyDefaultRoute, "only a default route covers it, and those are not to be used"),
        (NextHopFault.LinkDown, "every way to it is over a link that is down"),
        (NextHopFault.Blackhole, "its route drops packets"),
        (NextHopFault.Unreachable, "its route answers that it is unreachable"),
        (NextHopFault.Prohibited, "its route answers that it is prohibited"),
    ];

    /// <summary>The meaning of a reason by its name in the JSON; <c>null</c> for one that a later daemon has.</summary>
    public static string? MeaningOf(string reason)
    {
        foreach (var (known, meaning) in All)
        {
            if (NameOf(known) == reason)
            {
                return meaning;
            }
        }

        return null;
    }

    public static string? MeaningOfFault(string fault)
    {
        foreach (var (known, meaning) in Faults)
        {
            if (NameOf(known) == fault)
            {
                return meaning;
            }
        }

        return null;
    }

    /// <summary>An enum's value as the JSON has it.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum => value.ToString() is var name ? char.ToLowerInvariant(name[0]) + name[1..] : "";
}
