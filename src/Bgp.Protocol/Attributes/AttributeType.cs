namespace Bgp.Protocol;

/// <summary>Path attribute type codes, as in IANA's registry; unknown ones are kept.</summary>
public enum AttributeType : byte
{
    None = 0,
    Origin = 1,
    AsPath = 2,
    NextHop = 3,
    MultiExitDisc = 4,
    LocalPref = 5,
    AtomicAggregate = 6,
    Aggregator = 7,
    Communities = 8,
    OriginatorId = 9,
    ClusterList = 10,
    MpReach = 14,
    MpUnreach = 15,
    ExtendedCommunities = 16,
    As4Path = 17,
    As4Aggregator = 18,
    PmsiTunnel = 22,
    TunnelEncapsulation = 23,
    Ipv6ExtendedCommunities = 25,
    Aigp = 26,
    BgpLs = 29,
    LargeCommunities = 32,
    BgpSecPath = 33,
    OnlyToCustomer = 35,
    PrefixSid = 40,
    AttrSet = 128,
}
