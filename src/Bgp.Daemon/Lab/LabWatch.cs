using System.Collections.Immutable;
using System.Text.Json;
using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>
/// Sees how far the routers are: sessions as their daemons tell on the control socket (which is no part of a network namespace), routes as they stand in their kernels.
/// </summary>
internal sealed class LabWatch : IDisposable
{
    private readonly LabTopology _topology;
    private readonly ImmutableArray<(Rtnetlink Netlink, ControlClient Control)> _probes;

    /// <exception cref="LinuxException">A namespace is not there.</exception>
    public LabWatch(LabName lab, LabTopology topology)
    {
        _topology = topology;
        _probes = [.. topology.Routers.Select(router => (OpenNetlink(lab, router.Name), new ControlClient(lab.SocketOf(router.Name))))];
    }

    public async Task<ImmutableArray<LabRouterStatus>> ReadAsync(CancellationToken cancellation)
    {
        var statuses = ImmutableArray.CreateBuilder<LabRouterStatus>(_probes.Length);
        for (var i = 0; i < _probes.Length; i++)
        {
            statuses.Add(await ReadAsync(_topology.Routers[i], _probes[i].Netlink, _probes[i].Control, cancellation).ConfigureAwait(false));
        }

        return statuses.MoveToImmutable();
    }

    public void Dispose()
    {
        foreach (var (netlink, _) in _probes)
        {
            netlink.Dispose();
        }
    }

    private async Task<LabRouterStatus> ReadAsync(LabRouter router, Rtnetlink netlink, ControlClient control, CancellationToken cancellation)
    {
        var missing = ImmutableArray.CreateBuilder<string>();
        var states = await ReadStatesAsync(control, cancellation).ConfigureAwait(false);
        if (states is null)
        {
            missing.Add("its daemon does not answer");
        }

        var down = states is null ? router.Sessions : [.. router.Sessions.Where(session => states.GetValueOrDefault(session.Neighbor) != "Established")];
        if (states is not null)
        {
            missing.AddRange(down.Select(session => $"the session with {session.Name} ({session.Neighbor}) is {states.GetValueOrDefault(session.Neighbor) ?? "not configured"}"));
        }

        var expected = _topology.ExpectedRoutes(router);
        var installed = ReadRoutes(netlink, router);
        var absent = expected.RemoveAll(installed.Contains);
        missing.AddRange(absent.Select(prefix => $"the route to {prefix} is not in its kernel"));
        return new LabRouterStatus(
            router.Name, router.Sessions.Length - down.Length, router.Sessions.Length, expected.Length - absent.Length, expected.Length, missing.DrainToImmutable());
    }

    /// <summary>The prefixes that the daemon has written: the router's own as blackhole, others with a way.</summary>
    private static HashSet<IpPrefix> ReadRoutes(Rtnetlink netlink, LabRouter router)
    {
        var found = new HashSet<IpPrefix>();
        foreach (var afi in (ReadOnlySpan<Afi>)[Afi.Ipv4, Afi.Ipv6])
        {
            foreach (var route in netlink.ReadRoutes(new RouteFilter(afi, KernelRoute.MainTable, RouteProtocol.Bgp)))
            {
                if (router.Blocks.Contains(route.Prefix) == (route.Type == KernelRouteType.Blackhole))
                {
                    found.Add(route.Prefix);
                }
            }
        }

        return found;
    }

    /// <summary>The sessions' states by neighbor; <c>null</c> while the daemon does not answer.</summary>
    private static async Task<Dictionary<IpAddress, string>?> ReadStatesAsync(ControlClient control, CancellationToken cancellation)
    {
        try
        {
            using var document = JsonDocument.Parse(await control.GetAsync("/api/v1/neighbors", cancellation).ConfigureAwait(false));
            var states = new Dictionary<IpAddress, string>();
            foreach (var neighbor in document.RootElement.EnumerateArray())
            {
                if (IpAddress.TryParse(neighbor.GetProperty("address").GetString(), out var address))
                {
                    states[address] = neighbor.GetProperty("state").GetString() ?? "";
                }
            }

            return states;
        }
        catch (CommandException)
        {
            // Not listening yet, or no more.
            return null;
        }
    }

    private static Rtnetlink OpenNetlink(LabName lab, string router)
    {
        using var space = NetworkNamespace.Open(lab.NamespaceOf(router));
        return Rtnetlink.Open(space);
    }
}
