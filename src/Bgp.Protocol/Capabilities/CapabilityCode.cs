namespace Bgp.Protocol;

/// <summary>Capability codes, as in IANA's registry; unknown ones are kept.</summary>
public enum CapabilityCode : byte
{
    Multiprotocol = 1,
    RouteRefresh = 2,
    OutboundRouteFiltering = 3,
    ExtendedNextHop = 5,
    ExtendedMessage = 6,
    BgpSec = 7,
    MultipleLabels = 8,
    Role = 9,
    GracefulRestart = 64,
    FourOctetAs = 65,
    DynamicCapability = 67,
    AddPath = 69,
    EnhancedRouteRefresh = 70,
    LongLivedGracefulRestart = 71,
    Fqdn = 73,
    SoftwareVersion = 75,
    RouteRefreshCisco = 128,
}
