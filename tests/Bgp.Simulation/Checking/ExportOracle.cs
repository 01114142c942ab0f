using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// What a speaker should announce of its best paths, from the RFCs: RFC 4271 §5.1.2 to §5.1.5 (attributes), §9.1.3 and §9.2.1 (nothing from iBGP to iBGP), RFC 4456 §6 and §8 (but for
/// reflection), RFC 5065 §4.1 and §5 (confederations), and that nobody is told its own address as next hop. With ADD-PATH (RFC 7911) the first so many of those that may pass, less the neighbor's own. It shares no code with the
/// engine.
/// </summary>
internal sealed class ExportOracle(NodeState state)
{
    /// <summary>The routes that a neighbor should have been sent.</summary>
    public IEnumerable<RouteView> RoutesFor(PeerStatus to, DecisionOracle decision)
    {
        foreach (var prefix in Defaults(to, decision))
        {
            yield return WithPath(Own(new RouteView { Prefix = prefix, AsPath = "" }, to), to);
        }

        foreach (var prefix in decision.Prefixes.Except(Defaults(to, decision)).Where(prefix => !decision.IsSuppressed(prefix)))
        {
            if (to.Session!.Families.Contains(AddressFamily.Of(prefix)))
            {
                foreach (var path in Chosen(to, prefix, decision).Where(path => path.Peer?.Peer != to.Peer))
                {
                    var passed = PolicyOracle.Apply(to.Config, path.Route, isImport: false, state.Config.EbgpRequiresPolicy)!;
                    var route = WithPath(path.Peer is null ? Own(passed, to) : PassedOn(passed, path.Peer, to), to);
                    if (route.NextHop != to.Session.Ends.Remote)
                    {
                        yield return route;
                    }
                }
            }
        }
    }

    /// <summary>The default routes that the neighbor is sent in the place of the Loc-RIB's.</summary>
    private static IEnumerable<IpPrefix> Defaults(PeerStatus to, DecisionOracle decision)
    {
        var isDue = to.Config.DefaultRoute is { } route && (route.IfPresent is not { } condition || decision.Prefixes.Contains(condition));
        return isDue ? to.Session!.Families.Select(family => IpPrefix.Parse(family.Afi == Afi.Ipv4 ? "0.0.0.0/0" : "::/0")) : [];
    }

    private IEnumerable<DecisionOracle.Candidate> Chosen(PeerStatus to, IpPrefix prefix, DecisionOracle decision)
    {
        if (!to.Session!.Send.AddPath(AddressFamily.Of(prefix)))
        {
            return decision.Ranked(prefix).Take(1).Where(best => Passes(best, to));
        }

        var limit = to.Config.Families.First(family => family.Family == AddressFamily.Of(prefix)).AddPathSend;
        return decision.Ranked(prefix).Where(path => Passes(path, to)).Take(limit);
    }

    private bool Passes(DecisionOracle.Candidate best, PeerStatus to)
    {
        if (PolicyOracle.Apply(to.Config, best.Route, isImport: false, state.Config.EbgpRequiresPolicy) is null)
        {
            return false;
        }

        if (best.Peer is not { } from)
        {
            return true;
        }

        return from.Config.Type != SessionType.Internal || to.Config.Type != SessionType.Internal
            || (from.Config.RouteReflectorClient && to.Config.RouteReflectorClient
                ? state.Config.ClientToClient || Cluster(from) != Cluster(to)
                : from.Config.RouteReflectorClient || to.Config.RouteReflectorClient);
    }

    private RouterId Cluster(PeerStatus client) => client.Config.ClusterId ?? state.Config.ClusterId;

    private RouteView Own(RouteView route, PeerStatus to) => route with { NextHop = Self(route, to), LocalPref = state.Config.DefaultLocalPref };

    private RouteView PassedOn(RouteView route, PeerStatus from, PeerStatus to)
    {
        var isReflected = from.Config.Type == SessionType.Internal;
        // A reflector may have several clusters: the route passes that of the client which it came from and that of the client which it goes to.
        IEnumerable<RouterId> passed = new[] { to, from }.Where(peer => peer.Config.RouteReflectorClient).Select(Cluster).Distinct();
        ImmutableArray<RouterId> clusters = [.. passed, .. route.ClusterList ?? []];
        return route with
        {
            NextHop = Keeps(route, from, to) ? route.NextHop : Self(route, to),
            LocalPref = route.LocalPref ?? state.Config.DefaultLocalPref,
            OriginatorId = isReflected ? route.OriginatorId ?? from.Session!.RemoteRouterId : null,
            ClusterList = isReflected ? clusters : null,
        };
    }

    private static RouteView WithPath(RouteView route, PeerStatus to) => to.Config.Type switch
    {
        SessionType.Internal => route,
        SessionType.Confederation => route with
        {
            AsPath = PathWords.WithMember(to.Config.LocalAsn.ToString(), route.AsPath),
            OriginatorId = null,
            ClusterList = null,
        },
        _ => route with
        {
            AsPath = $"{to.Config.LocalAsn} {Overridden(PathWords.Outside(route.AsPath), to)}".TrimEnd(),
            LocalPref = null,
            OriginatorId = null,
            ClusterList = null,
        },
    };

    /// <summary>Ours in the place of the neighbor's number, also within sets.</summary>
    private static string Overridden(string path, PeerStatus to) => !to.Config.AsOverride ? path : Regex.Replace(path, "[0-9]+", asn => asn.Value == to.Config.RemoteAsn.ToString() ? to.Config.LocalAsn.ToString() : asn.Value);

    private bool Keeps(RouteView route, PeerStatus from, PeerStatus to) => to.Config.NextHop switch
    {
        NextHopMode.Keep => true,
        NextHopMode.SelfAll => false,
        NextHopMode.Self => to.Config.Type == SessionType.Internal && from.Config.Type == SessionType.Internal,
        _ => to.Config.Type != SessionType.External || (Way(to).IsOnLink(route.NextHop) && !state.Node.Addresses.Contains(route.NextHop)),
    };

    private IpAddress Self(RouteView route, PeerStatus to) => Way(to).AddressLike(route.Prefix.Address);

    /// <summary>The interface that a session goes over.</summary>
    private InterfaceSpec Way(PeerStatus to) => state.Node.Spec.InterfaceTo(to.Session!.Ends.Remote)!;
}
