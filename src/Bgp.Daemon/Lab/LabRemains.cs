using System.Diagnostics;
using Bgp.Linux;

namespace Bgp.Daemon;

/// <summary>Removes what a lab made: the processes in its namespaces, the namespaces, and with them their devices and routes, and the folder. It can be called at any stage, and again.</summary>
internal static class LabRemains
{
    /// <summary>How long killed processes may take to be gone; they die as soon as the kernel gets to them.</summary>
    private static readonly TimeSpan KillDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Removes the labs whose owners are dead, and returns their names.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    /// <exception cref="IOException">A folder could not be removed.</exception>
    public static IReadOnlyList<LabName> Sweep()
    {
        var dead = LabName.FindAll().Where(lab => !lab.IsAlive).ToArray();
        foreach (var lab in dead)
        {
            Remove(lab);
        }

        return dead;
    }

    /// <exception cref="LinuxException">The kernel refused.</exception>
    /// <exception cref="IOException">The folder could not be removed.</exception>
    public static void Remove(LabName lab)
    {
        var members = lab.Members();
        EndProcesses(lab, members);
        foreach (var member in members)
        {
            NetworkNamespace.Delete(lab.NamespaceOf(member));
        }

        if (Directory.Exists(lab.Folder))
        {
            Directory.Delete(lab.Folder, recursive: true);
        }
    }

    /// <summary>Kills what runs inside, and waits until it is gone. More may be born meanwhile: it ends when none is left.</summary>
    private static void EndProcesses(LabName lab, IReadOnlyList<string> members)
    {
        var start = Stopwatch.GetTimestamp();
        while (members.Sum(member => KillAll(lab.NamespaceOf(member))) > 0 && Stopwatch.GetElapsedTime(start) < KillDeadline)
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(10));
        }
    }

    private static int KillAll(string name)
    {
        try
        {
            using var space = NetworkNamespace.Open(name);
            return space.FindProcesses().Count(process => process.Id != Environment.ProcessId && process.Signal(UnixSignal.Kill));
        }
        catch (LinuxException absent) when (absent.Errno is Errno.EINVAL or Errno.ENOENT)
        {
            // A name that stands for no namespace, as after a half-made creation.
            return 0;
        }
    }
}
