using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Bgp.Linux;

/// <summary>
/// A network namespace, held open by a descriptor. Named ones live as mounts below <c>/run/netns</c>, where <c>ip netns</c> sees them too.
/// </summary>
/// <remarks>
/// A thread that entered a namespace stays there, and threads that it makes are born there. So work inside runs on a thread of its own that
/// then ends (<see cref="Run(Action)"/>), and does nothing but synchronous work: open sockets, ping, start a process, read and write
/// <c>/proc/sys/net</c>. No task, no timer, no asynchronous call may begin there: it could make a pool thread that is forever abroad. Sockets opened
/// inside stay inside and may be used from anywhere, asynchronously too.
/// </remarks>
public sealed class NetworkNamespace : IDisposable
{
    /// <summary>Where named namespaces are.</summary>
    public const string Folder = "/run/netns";

    private NetworkNamespace(string name, SafeFileHandle handle)
    {
        Name = name;
        Handle = handle;
    }

    /// <summary>The name, or the path where it has none.</summary>
    public string Name { get; }

    internal SafeFileHandle Handle { get; }

    /// <summary>Makes a named namespace. It lives until <see cref="Delete"/> and until the last process, socket and descriptor in it are gone.</summary>
    /// <exception cref="LinuxException">The kernel refused: EEXIST where the name is taken, EPERM without CAP_SYS_ADMIN.</exception>
    public static NetworkNamespace Create(string name)
    {
        var path = PathOf(name);
        NamespaceFolder.Prepare();
        using (Libc.OpenFile(path, Libc.OpenReadOnly | Libc.OpenCreate | Libc.OpenExclusive))
        {
            // The file is the place to mount on; its descriptor is of no use.
        }

        try
        {
            NamespaceThread.Run(() =>
            {
                LinuxException.ThrowIfFailed(Libc.Unshare(Libc.CloneNewNet), $"make network namespace {name}");
                var mounted = Libc.Mount("/proc/thread-self/ns/net", path, "none", Libc.MountBind, 0);
                LinuxException.ThrowIfFailed(mounted, $"mount network namespace {name}");
                return 0;
            });
            return Open(name);
        }
        catch (LinuxException)
        {
            Delete(name);
            throw;
        }
    }

    /// <summary>Opens a named namespace.</summary>
    /// <exception cref="LinuxException">There is none (ENOENT), or the kernel refused.</exception>
    public static NetworkNamespace Open(string name) => new(name, Libc.OpenFile(PathOf(name), Libc.OpenReadOnly));

    /// <summary>Opens the namespace in which a process runs.</summary>
    /// <exception cref="LinuxException">There is no such process, or the kernel refused.</exception>
    public static NetworkNamespace OpenOf(int processId) => OpenPath($"/proc/{processId}/ns/net");

    /// <summary>Opens the namespace in which the calling thread is.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static NetworkNamespace OpenCurrent() => OpenPath("/proc/thread-self/ns/net");

    /// <summary>Takes a name away. False where there was none. The namespace itself ends when nothing uses it any more.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static bool Delete(string name)
    {
        var path = PathOf(name);

        // EINVAL: not mounted on, as after a half-made Create; ENOENT is left to unlink.
        if (Libc.Unmount(path, Libc.UnmountDetach) < 0 && Libc.LastError is not (Errno.EINVAL or Errno.ENOENT))
        {
            throw new LinuxException($"unmount network namespace {name}", Libc.LastError);
        }

        if (Libc.Unlink(path) == 0)
        {
            return true;
        }

        return Libc.LastError == Errno.ENOENT ? false : throw new LinuxException($"remove network namespace {name}", Libc.LastError);
    }

    /// <summary>The names that are there, sorted.</summary>
    public static IReadOnlyList<string> List() => !Directory.Exists(Folder)
        ? []
        : [.. Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>Does synchronous work inside, on a thread of its own, and waits for it; what it throws is thrown here. See the remarks above.</summary>
    /// <exception cref="LinuxException">The kernel refused to enter.</exception>
    public T Run<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return NamespaceThread.Run(() =>
        {
            LinuxException.ThrowIfFailed(Libc.SetNamespace(Handle, Libc.CloneNewNet), $"enter network namespace {Name}");
            return work();
        });
    }

    /// <inheritdoc cref="Run{T}(Func{T})"/>
    public void Run(Action work) => Run(() =>
    {
        work();
        return 0;
    });

    /// <summary>A socket that is inside for ever.</summary>
    /// <exception cref="SocketException">The kernel refused.</exception>
    public Socket OpenSocket(System.Net.Sockets.AddressFamily family, SocketType type, ProtocolType protocol) =>
        Run(() => new Socket(family, type, protocol));

    /// <summary>Starts a process inside. Read its output and wait for it as usual, outside.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program could not be started.</exception>
    public Process StartProcess(ProcessStartInfo start) =>
        Run(() => Process.Start(start) ?? throw new UnreachableException("a process that is not shell-executed always starts anew"));

    /// <summary>The processes inside, as they are now.</summary>
    /// <exception cref="LinuxException">The kernel refused to enter.</exception>
    public IReadOnlyList<ProcessIdentity> FindProcesses()
    {
        var own = Run(() => LinkOf("thread-self"));
        var found = new List<ProcessIdentity>();
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && LinkOf(Path.GetFileName(entry)) == own
                && ProcessIdentity.TryRead(id, out var process))
            {
                found.Add(process);
            }
        }

        return found;
    }

    /// <summary>Reads a setting, named as <c>net.ipv4.ip_forward</c> or, where a device's name has a dot, <c>net/ipv4/conf/eth0.1/forwarding</c>.</summary>
    /// <exception cref="IOException">There is no such setting.</exception>
    public string ReadSetting(string setting) => Run(() => File.ReadAllText(SettingPath(setting)).Trim());

    /// <summary>Writes a setting, named as in <see cref="ReadSetting"/>.</summary>
    /// <exception cref="IOException">There is no such setting, or the kernel refuses the value.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void WriteSetting(string setting, string value) => Run(() => File.WriteAllText(SettingPath(setting), value));

    public void Dispose() => Handle.Dispose();

    public override string ToString() => Name;

    /// <summary>The kernel's name of a process's namespace, <c>net:[4026531840]</c>; null where the process is gone.</summary>
    private static string? LinkOf(string process) => new FileInfo($"/proc/{process}/ns/net").LinkTarget;

    private static NetworkNamespace OpenPath(string path) => new(path, Libc.OpenFile(path, Libc.OpenReadOnly));

    /// <summary>/proc/sys/net shows the namespace of the thread that opens it, so this needs no mount namespace.</summary>
    private static string SettingPath(string setting)
    {
        var path = setting.Contains('/') ? setting : setting.Replace('.', '/');
        return path.StartsWith("net/", StringComparison.Ordinal) && !path.Split('/').Contains("..")
            ? $"/proc/sys/{path}"
            : throw new ArgumentException($"'{setting}' is not a network setting", nameof(setting));
    }

    private static string PathOf(string name)
    {
        if (string.IsNullOrEmpty(name) || name is "." or ".." || name.Contains('/') || name.Length > 255)
        {
            throw new ArgumentException($"'{name}' cannot name a network namespace", nameof(name));
        }

        return $"{Folder}/{name}";
    }
}
