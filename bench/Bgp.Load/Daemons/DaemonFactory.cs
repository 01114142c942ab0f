using System.Diagnostics;
using Bgp.Linux;

namespace Bgp.Load;

/// <summary>Makes the daemon of a run.</summary>
internal static class DaemonFactory
{
    public static DaemonUnderLoad Create(RunOptions options, LoadPlan plan, LoadNetwork network, string folder) => Create(options, plan, network.Daemon, network.DaemonLink, folder);

    private static DaemonUnderLoad Create(RunOptions options, LoadPlan plan, NetworkNamespace space, int link, string folder) => options.Daemon switch
    {
        DaemonKind.Bgp => new OwnDaemon(space, folder, options.Program),
        DaemonKind.Bird => new BirdDaemon(space, folder),
        DaemonKind.Frr => new FrrDaemon(space, folder),
        DaemonKind.GoBgp => new GoBgpDaemon(space, folder),
        DaemonKind.OpenBgpd => new OpenBgpdDaemon(space, folder),
        DaemonKind.Floor when plan.InstallsRoutes => new KernelLoopDaemon(space, folder, link),
        DaemonKind.Floor => new FloorDaemon(space, folder),
        _ => throw new UnreachableException(options.Daemon.ToString()),
    };
}
