using System.Diagnostics;

namespace Bgp.Load;

/// <summary>Makes the daemon of a run.</summary>
internal static class DaemonFactory
{
    /// <param name="options">Which one.</param>
    /// <param name="plan">What it is for.</param>
    /// <param name="network">Where it runs.</param>
    /// <param name="folder">For its files.</param>
    public static DaemonUnderLoad Create(RunOptions options, LoadPlan plan, LoadNetwork network, string folder)
    {
        var place = new DaemonPlace(network.Daemon, folder, options.PeerRoot);
        return options.Daemon switch
        {
            DaemonKind.Bgp => new OwnDaemon(place, options.Program),
            DaemonKind.Bird => new BirdDaemon(place),
            DaemonKind.Frr => new FrrDaemon(place),
            DaemonKind.GoBgp => new GoBgpDaemon(place),
            DaemonKind.OpenBgpd => new OpenBgpdDaemon(place),
            DaemonKind.Floor when plan.InstallsRoutes => new KernelLoopDaemon(place, network.DaemonLink),
            DaemonKind.Floor => new FloorDaemon(place),
            _ => throw new UnreachableException(options.Daemon.ToString()),
        };
    }
}
