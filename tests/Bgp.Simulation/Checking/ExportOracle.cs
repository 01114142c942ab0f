using System.Collections.Immutable;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>
/// What a speaker should announce of its best paths, from the RFCs: RFC 4271 §9.1.3 and §9.2.1 (nothing from iBGP to iBGP), RFC 4456 §6 and §8 (but for reflection), and that nobody is told
/// its own address as next hop. With ADD-PATH (RFC 7911) the first so many of those that may pass, less the neighbor's own. For iBGP sessions; it shares no code with the engine.
/// </summary>
internal sealed class ExportOracle(NodeState state)
{
    /// <summary>The routes that a neighbor should have been sent.</summary>
    public IEnumerable<RouteView> RoutesFor(PeerStatus to, DecisionOracle decision)
    {
        foreach (var prefix in decision.Prefixes)
        {
            if (to.Session!.Families.Contains(AddressFamily.Of(prefix)) && PolicyOracle.Accepts(to.Config, prefix, isImport: false, state.Config.EbgpRequiresPolicy))
            {
                foreach (var path in Chosen(to, prefix, decision).Where(path => path.Peer?.Peer != to.Peer))
                {
                    var route = path.Peer is null ? Own(path.Route, to) : Reflected(path.Route, path.Peer, to);
                    if (route.NextHop != to.Session.Ends.Remote)
                    {
                        yield return route;
                    }
                }
            }
        }
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
        if (best.Peer is not { } from)
        {
            return true;
        }

        return from.Config.RouteReflectorClient ? !to.Config.RouteReflectorClient || state.Config.ClientToClient : to.Config.RouteReflectorClient;
    }

    private RouteView Own(RouteView route, PeerStatus to) => route with
    {
        NextHop = route.Prefix.Address.IsV4 == to.Session!.Ends.Local.IsV4 ? to.Session.Ends.Local
            : route.Prefix.Address.IsV4 ? state.Node.Spec.AddressV4
            : state.Node.Spec.AddressV6,
        LocalPref = state.Config.DefaultLocalPref,
    };

    private RouteView Reflected(RouteView route, PeerStatus from, PeerStatus to)
    {
        ImmutableArray<RouterId> clusters = [to.Config.ClusterId ?? state.Config.ClusterId, .. route.ClusterList ?? []];
        return route with { OriginatorId = route.OriginatorId ?? from.Session!.RemoteRouterId, ClusterList = clusters };
    }
}
