namespace Bgp.Interop.Tests;

/// <summary>What a test needs of a peer that not every peer can do.</summary>
internal enum PeerNeed
{
    /// <summary>Originate a route with an AS path of the test's choice.</summary>
    AsPath,

    /// <summary>Originate a route with extended communities.</summary>
    ExtendedCommunities,

    /// <summary>Originate a route with ORIGINATOR_ID and CLUSTER_LIST.</summary>
    ClusterList,

    /// <summary>Send a ROUTE-REFRESH.</summary>
    AskRefresh,

    /// <summary>Answer a ROUTE-REFRESH.</summary>
    AnswerRefresh,

    /// <summary>Show how many ROUTE-REFRESHes have come.</summary>
    CountRefresh,

    /// <summary>Not offer four-octet AS numbers.</summary>
    TwoOctetAs,

    /// <summary>Without four-octet AS numbers, put a path together again from AS4_PATH.</summary>
    MergeAs4Path,

    /// <summary>Be a member of a confederation (RFC 5065).</summary>
    Confederation,

    /// <summary>Be a neighbor of a confederation, which is one AS to it (RFC 5065).</summary>
    ConfederationNeighbor,

    /// <summary>Send LOCAL_PREF to other members of a confederation.</summary>
    LocalPrefToMembers,

    /// <summary>Both families on a session without four-octet AS numbers.</summary>
    TwoOctetAsWithIPv6,

    /// <summary>External sessions.</summary>
    Ebgp,

    /// <summary>Internal sessions.</summary>
    Ibgp,

    /// <summary>Routes of IPv4 and of IPv6 on one session (RFC 4760).</summary>
    BothFamilies,

    /// <summary>Offer four-octet AS numbers (RFC 6793).</summary>
    FourOctetAs,

    /// <summary>Communities (RFC 1997).</summary>
    Communities,

    /// <summary>Large communities (RFC 8092).</summary>
    LargeCommunities,

    /// <summary>Send several paths of a prefix (RFC 7911).</summary>
    SendPaths,

    /// <summary>Take several paths of a prefix (RFC 7911).</summary>
    ReceivePaths,

    /// <summary>Send IPv4 routes with IPv6 next hops between global addresses (RFC 8950).</summary>
    SendExtendedNextHop,

    /// <summary>Take IPv4 routes with IPv6 next hops between global addresses (RFC 8950).</summary>
    ReceiveExtendedNextHop,

    /// <summary>TCP MD5 (RFC 2385).</summary>
    Md5,

    /// <summary>Send with a TTL of 255 on eBGP (RFC 5082).</summary>
    SendTtl255,

    /// <summary>Take nothing with a lower TTL (RFC 5082).</summary>
    CheckTtl,

    /// <summary>Send messages of more than 4,096 octets (RFC 8654).</summary>
    SendExtendedMessage,

    /// <summary>Take messages of more than 4,096 octets (RFC 8654).</summary>
    ReceiveExtendedMessage,

    /// <summary>Answer a ROUTE-REFRESH between BoRR and EoRR (RFC 7313).</summary>
    SendDemarcation,

    /// <summary>Take BoRR and EoRR, and show that they came (RFC 7313).</summary>
    HearDemarcation,

    /// <summary>Roles and ONLY_TO_CUSTOMER (RFC 9234).</summary>
    Role,

    /// <summary>Say why a session was ended by the other side's limit (RFC 4486).</summary>
    HearMaxPrefixes,

    /// <summary>A limit of its own for the neighbor's routes, with the right reason when it is passed (RFC 4486).</summary>
    MaxPrefixes,

    /// <summary>Show the message of the neighbor's shutdown (RFC 9003).</summary>
    HearShutdownMessage,

    /// <summary>Shut a session down with a message (RFC 9003).</summary>
    SendShutdownMessage,

    /// <summary>Take routes from a route server (RFC 7947), whose AS number is not in their paths.</summary>
    RouteServerClient,

    /// <summary>Be a route server (RFC 7947).</summary>
    RouteServer,
}
