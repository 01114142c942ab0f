using System.Globalization;

namespace Bgp.Linux;

/// <summary>
/// Namespaces whose names say which process made them, <c>PREFIX-PID-STARTTIME-SUFFIX</c>, so that what a killed process left behind is known and can be
/// removed by the next one.
/// </summary>
public static class OwnedNamespaces
{
    /// <summary>A name that says that this process owns it.</summary>
    /// <param name="prefix">What kind of program: no dash.</param>
    /// <param name="suffix">Which of its namespaces.</param>
    public static string NameOf(string prefix, string suffix)
    {
        var own = ProcessIdentity.Current;
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}-{own.Id}-{own.StartTime}-{suffix}");
    }

    /// <summary>Kills the processes in, and removes, all namespaces of the prefix whose owner is gone. Returns their names.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static IReadOnlyList<string> Sweep(string prefix)
    {
        var orphans = NetworkNamespace.List().Where(name => TryOwner(prefix, name, out var owner) && !owner.IsAlive).ToList();
        foreach (var name in orphans)
        {
            Remove(name);
        }

        return orphans;
    }

    /// <summary>Who made the namespace of that name; false where the name does not say so.</summary>
    internal static bool TryOwner(string prefix, string name, out ProcessIdentity owner)
    {
        owner = default;
        var parts = name.Split('-', 4);
        if (parts.Length < 4
            || parts[0] != prefix
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || !ulong.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var start))
        {
            return false;
        }

        owner = new(id, start);
        return true;
    }

    private static void Remove(string name)
    {
        try
        {
            using var space = NetworkNamespace.Open(name);
            foreach (var process in space.FindProcesses())
            {
                process.Signal(UnixSignal.Kill);
            }
        }
        catch (LinuxException gone) when (gone.Errno is Errno.ENOENT or Errno.EINVAL)
        {
            // Another sweeper was faster, or the owner died between the file and the mount.
        }

        NetworkNamespace.Delete(name);
    }
}
