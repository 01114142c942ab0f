using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>One owned route as it stands in the kernel; <paramref name="Forwarding"/> is <c>null</c> for one that we would never write so (another kind, another source).</summary>
public readonly record struct FibDumpEntry(IpPrefix Prefix, uint Metric, Forwarding? Forwarding);

/// <summary>All routes that carry the table and protocol of <see cref="Config"/>. Immutable; 72 bytes a route and one <see cref="Forwarding"/> for all that share it.</summary>
public sealed class FibDump
{
    private FibDump(FibConfig config, ImmutableArray<FibDumpEntry> entries)
    {
        Config = config;
        Entries = entries;
    }

    public FibConfig Config { get; }

    public ImmutableArray<FibDumpEntry> Entries { get; }

    /// <summary>
    /// Whether a route is ours by its marks: our table and protocol, and no way over a device on which others keep routes. <paramref name="isForeignDevice"/> tells that of an interface index
    /// (by <see cref="IsForeignDevice"/> on its name).
    /// </summary>
    public static bool IsOwned(KernelRoute route, FibConfig config, Func<int, bool> isForeignDevice)
    {
        if (route.Table != config.Table || route.Protocol != config.Protocol)
        {
            return false;
        }

        foreach (var hop in route.Hops)
        {
            if (isForeignDevice(hop.InterfaceIndex))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Tunnel and workload devices, whose routes belong to the network plugin even when they carry our protocol number.</summary>
    public static bool IsForeignDevice(ReadOnlySpan<char> name) =>
        name.StartsWith("tunl", StringComparison.Ordinal)
        || name.StartsWith("vxlan", StringComparison.Ordinal)
        || name.StartsWith("wireguard", StringComparison.Ordinal)
        || name.StartsWith("cali", StringComparison.Ordinal);

    /// <summary>What a kernel route does in the terms of what we write, or <c>null</c> where it is nothing that we would write.</summary>
    public static Forwarding? Read(KernelRoute route, FibConfig config)
    {
        if (route.Kind == KernelRouteKind.Blackhole)
        {
            return Forwarding.Blackhole;
        }

        var source = route.Prefix.Address.IsV4 ? config.SourceV4 : config.SourceV6;
        if (route.Kind != KernelRouteKind.Unicast || route.Hops.IsEmpty || route.PreferredSource != source)
        {
            return null;
        }

        var hops = ImmutableArray.CreateBuilder<ForwardingHop>(route.Hops.Length);
        foreach (var hop in route.Hops)
        {
            // The kernel keeps no weight of an only way.
            hops.Add(new ForwardingHop(hop.Gateway, hop.InterfaceIndex, route.Hops.Length == 1 ? 1 : hop.Weight, hop.IsOnLink));
        }

        hops.Sort();
        return new Forwarding(hops.MoveToImmutable());
    }

    /// <summary>Gathers a dump route by route; routes that are not owned are left out.</summary>
    public sealed class Builder(FibConfig config, Func<int, bool> isForeignDevice)
    {
        private readonly ImmutableArray<FibDumpEntry>.Builder _entries = ImmutableArray.CreateBuilder<FibDumpEntry>();
        private readonly Dictionary<Forwarding, Forwarding> _shared = [];

        public void Add(KernelRoute route)
        {
            if (!IsOwned(route, config, isForeignDevice))
            {
                return;
            }

            var forwarding = Read(route, config);
            if (forwarding is not null && !_shared.TryAdd(forwarding, forwarding))
            {
                forwarding = _shared[forwarding];
            }

            _entries.Add(new FibDumpEntry(route.Prefix, route.Metric, forwarding));
        }

        public FibDump Build() => new(config, _entries.DrainToImmutable());
    }
}
