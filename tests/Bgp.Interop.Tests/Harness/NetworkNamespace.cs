using System.Diagnostics;

namespace Bgp.Interop.Tests;

/// <summary>A named network namespace; disposing kills what runs in it and removes it.</summary>
internal sealed class NetworkNamespace : IDisposable
{
    private static int _count;

    public NetworkNamespace(string purpose)
    {
        Name = Owner.NameOf($"{purpose}{Interlocked.Increment(ref _count)}");
        Command.Run("ip", "netns", "add", Name);
        Ip("link", "set", "lo", "up");
    }

    public string Name { get; }

    /// <summary>The `ip` command, inside.</summary>
    public string Ip(params IEnumerable<string> arguments) => Command.Run("ip", ["-n", Name, .. arguments]);

    /// <summary>A setting under /proc/sys/net.</summary>
    public void Set(string setting, string value) =>
        Command.Run("ip", "netns", "exec", Name, "sh", "-c", "echo $1 > /proc/sys/net/$0", setting, value);

    /// <summary>Starts a program inside. `ip netns exec` becomes the program, so the process id is the program's own.</summary>
    public ChildProcess Start(string program, params IEnumerable<string> arguments) =>
        new(new ProcessStartInfo("ip", ["netns", "exec", Name, program, .. arguments]));

    public void Dispose() => Remove(Name);

    /// <summary>Removes the namespaces whose names are picked.</summary>
    public static void Sweep(Func<string, bool> pick)
    {
        foreach (var name in Command.Run("ip", "netns", "list").Split('\n').Select(line => line.Split(' ')[0]).Where(pick))
        {
            Remove(name);
        }
    }

    private static void Remove(string name)
    {
        foreach (var pid in Command.Run("ip", "netns", "pids", name).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // It may be gone by now.
            Command.Try("sh", "-c", "kill -KILL $0", pid);
        }

        Command.Run("ip", "netns", "delete", name);
    }
}
