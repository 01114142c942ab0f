using Bgp.Engine;
using Bgp.Protocol;
using Microsoft.AspNetCore.Http;

namespace Bgp.Daemon;

/// <summary>What a request asks of the routes: <c>?prefix=&amp;family=&amp;table=&amp;neighbor=&amp;scope=exact|longer|covering|longest</c>. An address stands for the longest prefix that covers it.</summary>
internal sealed record RouteRequest(AddressFamily? Family, RouteTable Table, PeerId? Peer, IpPrefix? Prefix, PrefixScope Scope)
{
    public bool Includes(AddressFamily family) => Family is null || Family == family;

    /// <summary>Whether one prefix, or the one around an address, is asked for: its paths are told in every detail.</summary>
    public bool IsForOne => Prefix is not null && Scope is (PrefixScope.Exact or PrefixScope.Longest);

    public RouteQuery For(AddressFamily family) => new(family, Table) { Peer = Peer, Prefix = Prefix, Scope = Scope };

    /// <exception cref="ControlException">A parameter makes no sense.</exception>
    public static RouteRequest Parse(IQueryCollection query, IReadOnlyList<PeerStatus> peers)
    {
        var table = query["table"].ToString() switch
        {
            "" or "loc-rib" => RouteTable.LocRib,
            "adj-rib-in" => RouteTable.AdjRibIn,
            "adj-rib-out" => RouteTable.AdjRibOut,
            var other => throw Wrong($"'{other}' is not a table: loc-rib, adj-rib-in or adj-rib-out"),
        };
        var neighbor = query["neighbor"].ToString();
        if (neighbor.Length == 0 && table != RouteTable.LocRib)
        {
            throw Wrong("an Adj-RIB is one neighbor's: name it");
        }

        var prefix = ParsePrefix(query["prefix"].ToString());
        var family = ParseFamily(query["family"].ToString());
        if (prefix is { } given && family is { } named && AddressFamily.Of(given) != named)
        {
            throw Wrong($"{given} is not of the family {named}");
        }

        PeerId? peer = neighbor.Length == 0 ? null : NeighborNames.Find(peers, neighbor)[0].Peer;
        return new RouteRequest(prefix is { } one ? AddressFamily.Of(one) : family, table, peer, prefix, ParseScope(query["scope"].ToString(), isAddress: !query["prefix"].ToString().Contains('/')));
    }

    private static IpPrefix? ParsePrefix(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        // An address alone is a host's prefix.
        return IpPrefix.TryParse(text, out var prefix) ? prefix
            : IpAddress.TryParse(text, out var address) ? new IpPrefix(address, address.BitLength)
            : throw Wrong($"'{text}' is not a prefix, such as 10.0.0.0/8 or 2001:db8::/32");
    }

    private static AddressFamily? ParseFamily(string text) => text switch
    {
        "" => null,
        "ipv4-unicast" or "ipv4" => AddressFamily.Ipv4Unicast,
        "ipv6-unicast" or "ipv6" => AddressFamily.Ipv6Unicast,
        _ => throw Wrong($"'{text}' is not a family: ipv4-unicast or ipv6-unicast"),
    };

    private static PrefixScope ParseScope(string text, bool isAddress) => text switch
    {
        "" => isAddress ? PrefixScope.Longest : PrefixScope.Exact,
        "exact" => PrefixScope.Exact,
        "longest" => PrefixScope.Longest,
        "longer" => PrefixScope.Longer,
        "covering" => PrefixScope.Covering,
        _ => throw Wrong($"'{text}' is not a scope: exact, longer, covering or longest"),
    };

    private static ControlException Wrong(string message) => new(StatusCodes.Status400BadRequest, message);
}
