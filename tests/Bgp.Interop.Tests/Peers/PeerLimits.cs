namespace Bgp.Interop.Tests;

/// <summary>
/// What a peer cannot do, with the reason. A test that needs it is not run with that peer, and an attribute that a peer cannot set is left out of
/// what it announces. docs/interop.md repeats this table.
/// </summary>
internal static class PeerLimits
{
    public const string OpenBgpdPath = "OpenBGPD prepends its own number or the neighbor's, no others";

    public const string GoBgpRefresh = "GoBGP has no command that sends a ROUTE-REFRESH: softresetin goes through its own Adj-RIB-In again";

    private const string FrrAnswer = "FRR 8.4.4 answers only after its End-of-RIB, which it sends only to neighbors that offer graceful restart; we do not yet";

    private const string OpenBgpdAnswer = "OpenBGPD 7.7 counts the request and sends nothing, also to BIRD";

    private const string ExaBgpAnswer = "ExaBGP 4.2.21 drops the session when a ROUTE-REFRESH comes and it has routes, also with BIRD";

    private const string GoBgpFourOctetAs = "GoBGP always offers four-octet AS numbers";

    private const string GoBgpMessages = "GoBGP 3.10 does not know extended messages";

    private const string OpenBgpdMessages = "OpenBGPD 7.7 does not know extended messages";

    private const string GoBgpDemarcation = "GoBGP 3.10 does not offer enhanced route refresh";

    private const string OpenBgpdNextHop = "OpenBGPD 7.7 does not know IPv6 next hops for IPv4";

    private const string OwnClusterList = "it is set by reflecting a route, not on a route of its own";

    private static readonly Dictionary<(PeerKind Kind, PeerNeed Need), string> Reasons = new()
    {
        [(PeerKind.OpenBgpd, PeerNeed.AsPath)] = OpenBgpdPath,
        [(PeerKind.GoBgp, PeerNeed.ExtendedCommunities)] = "GoBGP's command takes extended communities for other families only",
        [(PeerKind.Bird, PeerNeed.ClusterList)] = OwnClusterList,
        [(PeerKind.Frr, PeerNeed.ClusterList)] = OwnClusterList,
        [(PeerKind.GoBgp, PeerNeed.ClusterList)] = OwnClusterList,
        [(PeerKind.OpenBgpd, PeerNeed.ClusterList)] = OwnClusterList,
        [(PeerKind.GoBgp, PeerNeed.AskRefresh)] = GoBgpRefresh,
        [(PeerKind.Frr, PeerNeed.AnswerRefresh)] = FrrAnswer,
        [(PeerKind.OpenBgpd, PeerNeed.AnswerRefresh)] = OpenBgpdAnswer,
        [(PeerKind.ExaBgp, PeerNeed.AnswerRefresh)] = ExaBgpAnswer,
        [(PeerKind.GoBgp, PeerNeed.TwoOctetAs)] = GoBgpFourOctetAs,
        [(PeerKind.GoBgp, PeerNeed.MergeAs4Path)] = GoBgpFourOctetAs,
        [(PeerKind.GoBgp, PeerNeed.CountRefresh)] = "GoBGP shows no such count",
        [(PeerKind.ExaBgp, PeerNeed.CountRefresh)] = "ExaBGP drops the session",
        [(PeerKind.Frr, PeerNeed.MergeAs4Path)] =
            "FRR 8.4.4 drops AS4_PATH when the neighbor offers four-octet AS numbers, also where it does not offer them itself",
        [(PeerKind.OpenBgpd, PeerNeed.Confederation)] = "OpenBGPD knows no confederations",
        [(PeerKind.ExaBgp, PeerNeed.Confederation)] = "ExaBGP knows no confederations",
        [(PeerKind.GoBgp, PeerNeed.LocalPrefToMembers)] = "GoBGP 3.10 sends no LOCAL_PREF to other members of a confederation",
        [(PeerKind.Frr, PeerNeed.TwoOctetAsWithIPv6)] = "FRR can only leave out all capabilities at once, and with them IPv6",
        [(PeerKind.GoBgp, PeerNeed.SendExtendedMessage)] = GoBgpMessages,
        [(PeerKind.GoBgp, PeerNeed.ReceiveExtendedMessage)] = GoBgpMessages,
        [(PeerKind.OpenBgpd, PeerNeed.SendExtendedMessage)] = OpenBgpdMessages,
        [(PeerKind.OpenBgpd, PeerNeed.ReceiveExtendedMessage)] = OpenBgpdMessages,
        [(PeerKind.GoBgp, PeerNeed.SendDemarcation)] = GoBgpDemarcation,
        [(PeerKind.GoBgp, PeerNeed.HearDemarcation)] = GoBgpDemarcation,
        [(PeerKind.Frr, PeerNeed.SendDemarcation)] = FrrAnswer,
        [(PeerKind.OpenBgpd, PeerNeed.SendDemarcation)] = OpenBgpdAnswer,
        [(PeerKind.ExaBgp, PeerNeed.SendDemarcation)] = ExaBgpAnswer,
        [(PeerKind.GoBgp, PeerNeed.Role)] = "GoBGP 3.10 does not know roles",
        [(PeerKind.ExaBgp, PeerNeed.Role)] = "ExaBGP 4.2.21 does not know roles",
        [(PeerKind.ExaBgp, PeerNeed.MaxPrefixes)] = "ExaBGP keeps no table, and counts no routes",
        [(PeerKind.ExaBgp, PeerNeed.SendShutdownMessage)] = "ExaBGP's teardown takes a subcode and no text",
        [(PeerKind.ExaBgp, PeerNeed.HearShutdownMessage)] =
            "ExaBGP 4.2.21 cannot decode a Cease with a message, and ends the session with a message header error of its own",
        [(PeerKind.ExaBgp, PeerNeed.CheckTtl)] = "ExaBGP checks the TTL of connections that it accepts, and here it only connects",
        [(PeerKind.ExaBgp, PeerNeed.RouteServer)] = "ExaBGP passes no routes on",
        [(PeerKind.OpenBgpd, PeerNeed.SendExtendedNextHop)] = OpenBgpdNextHop,
        [(PeerKind.OpenBgpd, PeerNeed.ReceiveExtendedNextHop)] = OpenBgpdNextHop,
    };

    public static string? Reason(PeerKind kind, PeerNeed need) => Reasons.GetValueOrDefault((kind, need));

    public static bool Can(PeerKind kind, PeerNeed need) => !Reasons.ContainsKey((kind, need));
}
