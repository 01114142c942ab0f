namespace Bgp.Linux;

/// <summary>What a <see cref="KernelMonitor"/> hears of.</summary>
[Flags]
public enum NetlinkGroups
{
    None = 0,

    /// <summary>Links: RTNLGRP_LINK.</summary>
    Links = 1,

    /// <summary>Addresses of both families: RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR.</summary>
    Addresses = 2,

    /// <summary>Routes of both families: RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE.</summary>
    Routes = 4,

    /// <summary>Nexthop objects: RTNLGRP_NEXTHOP.</summary>
    NextHops = 8,

    All = Links | Addresses | Routes | NextHops,
}
