using System.Collections.Immutable;

namespace Bgp.Engine;

/// <summary>What the kernel's links, addresses and routes, and recursion over our own, change in the route engine.</summary>
public sealed partial class RouteEngine
{
    private readonly List<int> _changedNextHops = [];

    private void ApplyKernel(KernelUpdate update)
    {
        _changedNextHops.Clear();
        _redistributor.Apply(update);
        _context.NextHops.Apply(update, _changedNextHops);
        _context.ExportEpoch++;
        RedecideChanged();

        if (update.IsSnapshot || !update.Addresses.IsEmpty || !update.RemovedAddresses.IsEmpty || HasOnLinkRoute(update.Routes) || HasOnLinkRoute(update.RemovedRoutes))
        {
            RegroupAll();
        }
    }

    private static bool HasOnLinkRoute(ImmutableArray<KernelRoute> routes)
    {
        foreach (var route in routes)
        {
            if (route.IsOnLink)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Routes changed that other routes' next hops are reached by: those change with them, at the next work.</summary>
    private void SettleRecursion()
    {
        _changedNextHops.Clear();
        _context.Visited += _recursion.Settle(_context.Limits.DestinationsPerStep, _changedNextHops);
        RedecideChanged();
    }

    private void RedecideChanged()
    {
        if (_changedNextHops.Count > 0)
        {
            _ipv4.Redecide(_changedNextHops);
            _ipv6.Redecide(_changedNextHops);
            _statics.Refresh(_changedNextHops);
        }
    }

    /// <summary>Addresses of ours or on-link routes changed: next hops of our own and subnets shared with neighbors may be others now, and a family that had no next hop may have one.</summary>
    private void RegroupAll()
    {
        foreach (var slot in _slotByPeer.Values.OrderBy(slot => slot.Number))
        {
            foreach (var family in Families(slot))
            {
                var wasDown = family.DownReason is not null;
                if (GroupKey(slot, family) is not { } key)
                {
                    continue;
                }

                if (wasDown)
                {
                    RibOf(family.Family)!.PeerUp(slot, family, key);
                }
                else
                {
                    RibOf(family.Family)!.Regroup(slot, key);
                }
            }
        }
    }
}
