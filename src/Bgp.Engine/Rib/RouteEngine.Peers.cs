using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>Sessions and the configuration in the route engine.</summary>
public sealed partial class RouteEngine
{
    private void Configure(EngineConfig config)
    {
        var old = _context.Config;
        _context.Config = config.Speaker;
        _context.ExportEpoch++;
        _context.HasForwarded |= config.Speaker.Fib.Enabled;
        _context.Policy.Reset();
        _context.Policies.Begin();
        _context.Clusters = ClusterIds(config);
        if (old is null)
        {
            _context.Slots[0] = new PeerSlot
            {
                Number = 0,
                Peer = PeerId.Local,
                Generation = default,
                Session = null,
                Neighbor = null,
                Source = RouteSource.Local,
                RouterId = config.Speaker.RouterId.Value,
            };
        }

        Originate(old?.Networks ?? [], config.Speaker.Networks);
        _redistributor.Configure(config.Speaker);
        _statics.Configure(config.Speaker.StaticRoutes);
        _ipv4.Aggregate(config.Speaker.Aggregates);
        _ipv6.Aggregate(config.Speaker.Aggregates);
        _context.Conditions!.Forget();
        foreach (var slot in _slotByPeer.Values.OrderBy(slot => slot.Number))
        {
            if (config.Neighbors.TryGetValue(slot.Peer, out var neighbor))
            {
                Reconfigure(slot, neighbor, old);
            }
        }

        var fibPolicy = _context.Policies.CompileForRouter(config.Speaker.FibPolicy);
        var isSameFib = _context.FibPolicy == fibPolicy;
        _context.FibPolicy = fibPolicy;
        if (old is not null && (!HasSameDecision(old, config.Speaker) || !isSameFib))
        {
            _ipv4.Redecide(null);
            _ipv6.Redecide(null);
        }

        _context.Policies.Prune();
    }

    private static bool HasSameDecision(SpeakerConfig old, SpeakerConfig now) =>
        old.DefaultLocalPref == now.DefaultLocalPref && old.OutsideAsn == now.OutsideAsn && old.BestPath == now.BestPath && old.Multipath == now.Multipath && old.Fib.Enabled == now.Fib.Enabled
        && old.Fib.MetricFromLocalPref == now.Fib.MetricFromLocalPref;

    /// <summary>Reconciles the set of own networks: origination is state, not an event.</summary>
    private void Originate(ImmutableArray<NetworkConfig> old, ImmutableArray<NetworkConfig> wanted)
    {
        var wantedPrefixes = wanted.Select(network => network.Prefix).ToHashSet();
        foreach (var gone in old.Where(network => !wantedPrefixes.Contains(network.Prefix)))
        {
            _locals.Withdraw(LocalOrigin.Network, gone.Prefix);
        }

        var attributes = _context.InternOwn();
        foreach (var network in wanted)
        {
            var own = network.Set is null ? 0 : _context.Policy.Edit(attributes, network.Set, isImport: true);
            _locals.Originate(LocalOrigin.Network, network.Prefix, own == 0 ? attributes : own, network.Blackhole);
            if (own != 0)
            {
                _context.Attributes.Release(own);
            }
        }

        _context.Attributes.Release(attributes);
    }

    /// <summary>All cluster ids of this reflector, sorted; the same array while they are the same.</summary>
    private ImmutableArray<RouterId> ClusterIds(EngineConfig config)
    {
        var clusters = new SortedSet<RouterId> { config.Speaker.ClusterId };
        foreach (var neighbor in config.Neighbors.Values.Concat(config.Speaker.Ranges.Select(range => range.Template)))
        {
            if (neighbor is { RouteReflectorClient: true, ClusterId: { } cluster })
            {
                clusters.Add(cluster);
            }
        }

        return _context.Clusters.SequenceEqual(clusters) ? _context.Clusters : [.. clusters];
    }

    private RouterId? ClusterOf(NeighborConfig neighbor, NegotiatedSession session) =>
        neighbor.RouteReflectorClient && session.Type == SessionType.Internal ? neighbor.ClusterId ?? _context.Config.ClusterId : null;

    /// <summary>Applies to an established session what a reload changed of its policies and export settings; what resets it is the session's own business.</summary>
    private void Reconfigure(PeerSlot slot, NeighborConfig neighbor, SpeakerConfig? oldSpeaker)
    {
        var (old, oldLoops, oldPrepend, oldCluster) = (slot.Neighbor!, slot.Loops, slot.ImportPrepend, slot.Cluster);
        var isOtherLocalPref = oldSpeaker?.DefaultLocalPref != _context.Config.DefaultLocalPref;
        slot.Neighbor = neighbor;
        slot.Loops = LoopRules.Of(_context, neighbor, slot.Session!);
        slot.Cluster = ClusterOf(neighbor, slot.Session!);
        slot.ImportPrepend = ImportPrepend(neighbor, slot.Session!);
        var isOtherSource = oldCluster != slot.Cluster || old.RouteServerClient != neighbor.RouteServerClient;
        foreach (var family in Families(slot))
        {
            var rib = RibOf(family.Family)!;
            family.MaxPrefixes = MaxPrefixes(neighbor, family.Family);
            CheckLimit(slot, family);
            var import = Compile(neighbor, family.Family, isImport: true);
            // A rule may ask for the LOCAL_PREF of routes that come without one.
            if (import != family.Import || slot.Loops != oldLoops || slot.ImportPrepend != oldPrepend || (isOtherLocalPref && import.Shape == PolicyShape.ByRoute))
            {
                family.Import = import;
                rib.Reimport(slot);
            }

            if (isOtherSource)
            {
                rib.Reexport(slot);
            }

            if (GroupKey(slot, family) is { } key)
            {
                rib.Regroup(slot, key);
            }
        }
    }

    private void PeerUp(PeerId peer, NeighborConfig neighbor, SessionGeneration generation, NegotiatedSession session)
    {
        if (_slotByPeer.TryGetValue(peer, out var previous))
        {
            PeerDown(peer, previous.Generation);
        }

        var slot = new PeerSlot
        {
            Number = AllocateSlot(),
            Peer = peer,
            Generation = generation,
            Session = session,
            Neighbor = neighbor,
            Loops = LoopRules.Of(_context, neighbor, session),
            Cluster = ClusterOf(neighbor, session),
            Source = session.Type switch
            {
                SessionType.External => RouteSource.External,
                SessionType.Confederation => RouteSource.Confederation,
                _ => RouteSource.Internal,
            },
            RouterId = session.RemoteRouterId.Value,
            Address = session.Ends.Remote,
            InterfaceIndex = _context.NextHops.InterfaceOf(session.Ends.Remote, neighbor.Key.Zone),
            ImportPrepend = ImportPrepend(neighbor, session),
        };
        _context.Slots[slot.Number] = slot;
        _slotByPeer[peer] = slot;
        _context.NextHopOwners.Add(slot);
        foreach (var family in session.Families)
        {
            var peerFamily = new PeerFamily(family)
            {
                Import = Compile(neighbor, family, isImport: true),
                AddPathReceive = session.Receive.AddPath(family),
                MaxPrefixes = MaxPrefixes(neighbor, family),
            };
            if (family == AddressFamily.Ipv4Unicast)
            {
                slot.Ipv4 = peerFamily;
            }
            else if (family == AddressFamily.Ipv6Unicast)
            {
                slot.Ipv6 = peerFamily;
            }
        }

        foreach (var family in Families(slot))
        {
            if (GroupKey(slot, family) is { } key)
            {
                RibOf(family.Family)!.PeerUp(slot, family, key);
            }
        }
    }

    /// <summary>Our number on the session, where received paths get it in front: it is not the router's, and its mode says so.</summary>
    private Asn? ImportPrepend(NeighborConfig neighbor, NegotiatedSession session) =>
        session.Type == SessionType.External && session.LocalAsn != _context.Config.OutsideAsn && neighbor.LocalAsnMode == LocalAsnMode.Prepend ? session.LocalAsn : null;

    private void PeerDown(PeerId peer, SessionGeneration generation)
    {
        if (!_slotByPeer.TryGetValue(peer, out var slot) || slot.Generation != generation)
        {
            return;
        }

        _slotByPeer.Remove(peer);
        _context.NextHopOwners.Remove(slot);
        slot.IsDown = true;
        foreach (var family in Families(slot))
        {
            slot.PendingPurges++;
            RibOf(family.Family)!.PeerDown(slot, family);
        }

        _retiring.Add(slot);
    }

    private ushort AllocateSlot()
    {
        if (_freeSlots.TryPop(out var number))
        {
            // Cached export results name sources by slot.
            _context.ExportEpoch++;
            return number;
        }

        _context.Slots.Add(null);
        return (ushort)(_context.Slots.Count - 1);
    }

    /// <summary>A slot is given out again only when no path, no exported entry and no unread range can name it any more.</summary>
    private void RetireSlots()
    {
        if (_retiring.Count == 0 || _ipv4.DirtyCount + _ipv6.DirtyCount > 0)
        {
            return;
        }

        for (var at = _retiring.Count - 1; at >= 0; at--)
        {
            var slot = _retiring[at];
            if (slot.PendingPurges == 0 && !_ipv4.Knows(slot.Number) && !_ipv6.Knows(slot.Number))
            {
                _retiring.RemoveAt(at);
                _context.Slots[slot.Number] = null;
                _freeSlots.Push(slot.Number);
            }
        }
    }

    private static IEnumerable<PeerFamily> Families(PeerSlot slot)
    {
        if (slot.Ipv4 is { } ipv4)
        {
            yield return ipv4;
        }

        if (slot.Ipv6 is { } ipv6)
        {
            yield return ipv6;
        }
    }

    private static MaxPrefixesConfig MaxPrefixes(NeighborConfig neighbor, AddressFamily family) => neighbor.FamilyOf(family)?.MaxPrefixes ?? default;

    private PolicyProgram Compile(NeighborConfig neighbor, AddressFamily family, bool isImport)
    {
        var settings = neighbor.FamilyOf(family);
        var policies = isImport ? settings?.ImportPolicy : settings?.ExportPolicy;
        return _context.Policies.Compile(policies ?? [], neighbor, isImport, _context.Config.EbgpRequiresPolicy);
    }

    /// <summary>The group that the session belongs to in a family; <c>null</c> when we have no next hop of our own to give.</summary>
    private UpdateGroupKey? GroupKey(PeerSlot slot, PeerFamily family)
    {
        var session = slot.Session!;
        var neighbor = slot.Neighbor!;
        var self = SelfNextHop(slot, neighbor, family.Family);
        family.DownReason = self.IsNone ? $"no {(family.Family.Afi == Afi.Ipv4 ? "IPv4" : "IPv6")} address on the interface of {session.Ends.Local}" : null;
        if (self.IsNone)
        {
            return null;
        }

        return new UpdateGroupKey
        {
            Export = Compile(neighbor, family.Family, isImport: false),
            Profile = session.Send,
            Session = session.Type,
            Cluster = slot.Cluster,
            ClientToClient = _context.Config.ClientToClient,
            AsPath = session.Type switch
            {
                SessionType.External => AsPathRules.Of(neighbor, session.LocalAsn, session.RemoteAsn, _context.Config.OutsideAsn),
                SessionType.Confederation => AsPathRules.OfMember(session.LocalAsn),
                _ => default,
            },
            Role = slot.Role,
            RouteServerClient = session.Type == SessionType.External && neighbor.RouteServerClient ? slot.Number : (ushort)0,
            NextHop = neighbor.NextHop,
            Self = self,
            SelfLinkLocal = SelfLinkLocal(session, self),
            SharedInterface = session.Type == SessionType.External && neighbor.Multihop is null ? _context.NextHops.SubnetOf(session.Ends.Remote) : 0,
            DefaultLocalPref = _context.Config.DefaultLocalPref,
            DefaultRoute = neighbor.DefaultRoute,
            PathLimit = session.Send.AddPath(family.Family) ? Math.Max(1, neighbor.FamilyOf(family.Family)?.AddPathSend ?? 1) : 1,
        };
    }

    /// <summary>RFC 2545 §3: on a session over link-local addresses the peer is told ours beside a global one.</summary>
    private static IpAddress SelfLinkLocal(NegotiatedSession session, in IpAddress self) =>
        session.Ends.Local is { IsV6: true, IsLinkLocal: true } local && self.IsV6 && !self.IsLinkLocal ? local : IpAddress.None;

    private IpAddress SelfNextHop(PeerSlot slot, NeighborConfig neighbor, AddressFamily family)
    {
        var session = slot.Session!;
        var configured = family.Afi == Afi.Ipv4 ? neighbor.NextHopV4 : neighbor.NextHopV6;
        if (!configured.IsNone)
        {
            return configured;
        }

        var local = session.Ends.Local;
        var isLinkLocal = local is { IsV6: true, IsLinkLocal: true };
        if (isLinkLocal && _context.NextHops.TryAddressOn(slot.InterfaceIndex, family.Afi == Afi.Ipv4, out var own))
        {
            return own;
        }

        if (local.IsV4 == (family.Afi == Afi.Ipv4))
        {
            return local;
        }

        if (!isLinkLocal && _context.NextHops.TrySelfAddress(local, family, out var other))
        {
            return other;
        }

        // RFC 8950: an IPv6 next hop carries IPv4 routes where both sides said so.
        var allowsIpv6 = family.Afi == Afi.Ipv4 && (session.Send.Flags & CodecFlags.ExtendedNextHopIpv4) != 0;
        return allowsIpv6 ? local : IpAddress.None;
    }
}
