using System.Globalization;
using System.Text;

namespace Bgp.Interop.Tests;

/// <summary>What each peer and we can do with each other: the table of docs/interop.md, made of <see cref="PeerLimits"/>, and the tests that show it.</summary>
internal static class MatrixTable
{
    private static readonly PeerKind[] All = Enum.GetValues<PeerKind>();

    private static readonly PeerKind[] Others = [.. All.Where(kind => kind != PeerKind.Bird)];

    public static readonly IReadOnlyList<MatrixRow> Rows =
    [
        Old("eBGP", PeerNeed.Ebgp, nameof(PeerTests.Route_FromPeer_ArrivesIntact)),
        Old("iBGP, the peer a route reflector client", PeerNeed.Ibgp, nameof(PeerTests.Route_FromPeer_ArrivesIntact)),
        Old("both families on one session", PeerNeed.BothFamilies, nameof(PeerTests.Route_FromPeer_ArrivesIntact)),
        Old("four-octet AS numbers", PeerNeed.FourOctetAs, nameof(PeerTests.Route_FromPeer_ArrivesIntact)),
        new("two-octet AS, from the peer", PeerNeed.TwoOctetAs, TwoOctet(PeerNeed.TwoOctetAs, nameof(TwoOctetAsTests.Route_FromTwoOctetPeer_ArrivesWithItsWholePath))),
        new("two-octet AS, to the peer", PeerNeed.MergeAs4Path, TwoOctet(PeerNeed.MergeAs4Path, nameof(TwoOctetAsTests.Route_WithLargePath_ArrivesWholeAtTwoOctetPeer))),
        Old("communities", PeerNeed.Communities, nameof(PeerTests.Route_FromPeer_IsPassedOnIntact)),
        Old("large communities", PeerNeed.LargeCommunities, nameof(PeerTests.Route_FromPeer_IsPassedOnIntact)),
        Old("extended communities, from the peer", PeerNeed.ExtendedCommunities, nameof(PeerTests.Route_FromPeer_IsPassedOnIntact)),
        New<PathMatrixTests>("several paths of a prefix, from the peer", PeerNeed.SendPaths, nameof(PathMatrixTests.Paths_FromPeer_AllArrive)),
        New<PathMatrixTests>("several paths of a prefix, to the peer", PeerNeed.ReceivePaths, nameof(PathMatrixTests.Paths_ToPeer_AllArrive)),
        New<NextHopMatrixTests>(
            "IPv4 by IPv6 next hops, from the peer", PeerNeed.SendExtendedNextHop, nameof(NextHopMatrixTests.Route_FromPeer_IsInTheKernelByItsIPv6Address)),
        New<NextHopMatrixTests>("IPv4 by IPv6 next hops, to the peer", PeerNeed.ReceiveExtendedNextHop, nameof(NextHopMatrixTests.Route_ToPeer_HasOurIPv6Address)),
        New<PeerMatrixTests>("TCP MD5, right key and wrong key", PeerNeed.Md5, nameof(PeerMatrixTests.Password_Wrong_NothingIsTakenUntilItIsRight)),
        New<PeerMatrixTests>("TTL security: the peer sends with 255", PeerNeed.SendTtl255, nameof(PeerMatrixTests.TtlSecurity_OnBothSides_SessionIsUp)),
        New<PeerMatrixTests>("TTL security: the peer takes nothing with less", PeerNeed.CheckTtl, nameof(PeerMatrixTests.TtlSecurity_OursOff_PeerTakesNothing)),
        New<PeerMatrixTests>("message of over 4,096 octets, from the peer", PeerNeed.SendExtendedMessage, nameof(PeerMatrixTests.ExtendedMessage_FromPeer_Arrives)),
        New<PeerMatrixTests>("message of over 4,096 octets, to the peer", PeerNeed.ReceiveExtendedMessage, nameof(PeerMatrixTests.ExtendedMessage_ToPeer_Arrives)),
        Refresh("refresh, asked by the peer", PeerNeed.AskRefresh, nameof(PeerTests.Refresh_AskedByPeer_BringsRoutesAgain), nameof(TransitTests.Refresh_AskedByPeer_BringsRoutesAgain)),
        Refresh("refresh, asked by us", PeerNeed.AnswerRefresh, nameof(PeerTests.Refresh_AskedByTheSubject_BringsRoutesAgain), nameof(TransitTests.Refresh_AskedByTheSubject_BringsRoutesAgain)),
        New<PeerMatrixTests>("enhanced refresh, BoRR and EoRR to the peer", PeerNeed.HearDemarcation, nameof(PeerMatrixTests.Refresh_AskedByPeer_IsBetweenDemarcations)),
        New<PeerMatrixTests>("enhanced refresh, BoRR and EoRR from the peer", PeerNeed.SendDemarcation, nameof(PeerMatrixTests.Refresh_AskedByTheSubject_IsBetweenDemarcations)),
        New<PeerMatrixTests>("roles: a mismatch is refused, routes to the customer are marked", PeerNeed.Role,
            nameof(PeerMatrixTests.Role_BothCustomers_EachSideRefuses), nameof(PeerMatrixTests.Role_Provider_RoutesToTheCustomerAreMarked)),
        New<PeerMatrixTests>("our maximum of prefixes, told to the peer", PeerNeed.HearMaxPrefixes, nameof(PeerMatrixTests.MaxPrefixes_OursPassed_PeerHearsTheReason)),
        New<PeerMatrixTests>("the peer's maximum of prefixes, told to us", PeerNeed.MaxPrefixes, nameof(PeerMatrixTests.MaxPrefixes_OfPeerPassed_WeHearTheReason)),
        New<PeerMatrixTests>("shutdown message, to the peer", PeerNeed.HearShutdownMessage, nameof(PeerMatrixTests.Shutdown_WithMessage_PeerShowsIt)),
        New<PeerMatrixTests>("shutdown message, from the peer", PeerNeed.SendShutdownMessage, nameof(PeerMatrixTests.Shutdown_OfPeerWithMessage_WeShowIt)),
        New<RouteServerClientMatrixTests>("we are its route server", PeerNeed.RouteServerClient, nameof(RouteServerClientMatrixTests.Route_OfAnotherClient_ArrivesWithoutATraceOfUs)),
        New<RouteServerMatrixTests>("it is our route server", PeerNeed.RouteServer, nameof(RouteServerMatrixTests.Route_BehindPeer_ArrivesWithoutATraceOfIt)),
        Confederated("member of one confederation with us", PeerNeed.Confederation, ConfederationTopology.Members, nameof(ConfederationTests.RouteOfMember_AtTheSubject_BeginsWithItsMemberAs)),
        Confederated("neighbor of our confederation", PeerNeed.ConfederationNeighbor, ConfederationTopology.Outside, nameof(ConfederationTests.RouteOfTheSubject_Outside_HasTheConfederationsNumber)),
    ];

    /// <summary>The table, and under it the reasons that its numbers point to.</summary>
    public static string Markdown()
    {
        List<string> reasons = [];
        var text = new StringBuilder();
        text.Append("| | BIRD 2.0.12 | FRR 8.4.4 | GoBGP 3.10 | OpenBGPD 7.7 | ExaBGP 4.2.21 |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var row in Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Title} | {string.Join(" | ", All.Select(kind => Cell(kind, row.Need, reasons)))} |\n");
        }

        text.Append('\n');
        foreach (var (at, reason) in reasons.Index())
        {
            text.Append(CultureInfo.InvariantCulture, $"{at + 1}. {reason}.\n");
        }

        return text.ToString();
    }

    private static string Cell(PeerKind kind, PeerNeed need, List<string> reasons)
    {
        if (PeerLimits.Reason(kind, need) is not { } reason)
        {
            return "yes";
        }

        if (!reasons.Contains(reason))
        {
            reasons.Add(reason);
        }

        return $"– ({reasons.IndexOf(reason) + 1})";
    }

    /// <summary>BIRD has a fixture of its own, whose tests have the same names.</summary>
    private static MatrixRow Old(string title, PeerNeed need, string method) => new(
        title,
        need,
        new MatrixTest(typeof(PeerTests), method, [.. Others.Where(kind => PeerLimits.Can(kind, need))]),
        new MatrixTest(typeof(TransitTests), method, [PeerKind.Bird]));

    private static MatrixRow Refresh(string title, PeerNeed need, string method, string birds) => new(
        title,
        need,
        new MatrixTest(typeof(PeerTests), method, [.. Others.Where(kind => PeerLimits.Can(kind, need))]),
        new MatrixTest(typeof(TransitTests), birds, [PeerKind.Bird]));

    private static MatrixRow Confederated(string title, PeerNeed need, IReadOnlyList<PeerKind> peers, string method) =>
        new(title, need, new MatrixTest(typeof(ConfederationTests), method, peers));

    private static MatrixTest TwoOctet(PeerNeed need, string method) => new(
        typeof(TwoOctetAsTests), method, [.. All.Where(kind => PeerLimits.Can(kind, PeerNeed.TwoOctetAs) && PeerLimits.Can(kind, need))]);

    private static MatrixRow New<TFixture>(string title, PeerNeed need, params IEnumerable<string> methods) =>
        new(title, need, [.. methods.Select(method => MatrixTest.Of<TFixture>(method, need))]);
}
