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

    /// <summary>Send LOCAL_PREF to other members of a confederation.</summary>
    LocalPrefToMembers,

    /// <summary>Both families on a session without four-octet AS numbers.</summary>
    TwoOctetAsWithIPv6,
}
