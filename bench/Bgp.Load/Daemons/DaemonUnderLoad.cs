using System.Diagnostics;
using Bgp.Linux;

namespace Bgp.Load;

/// <summary>
/// A daemon that runs in a namespace of its own. A kind of daemon is a class that writes its configuration and says what to start; all sessions are
/// passive on its side.
/// </summary>
internal abstract class DaemonUnderLoad : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(30);

    private readonly List<Process> _processes = [];

    private readonly DaemonPlace _place;

    protected DaemonUnderLoad(DaemonPlace place)
    {
        _place = place;
    }

    public NetworkNamespace Space => _place.Space;

    /// <summary>Where its files are, as the daemon sees it.</summary>
    public string Folder => _place.FolderInside;

    public abstract string Version { get; }

    /// <summary>Why it cannot run such a plan; null where it can.</summary>
    public virtual string? Refuses(LoadPlan plan) => null;

    /// <summary>Whether one of the programs that were started has ended.</summary>
    public bool HasEnded => _processes.Any(process => process.HasExited);

    /// <summary>Writes the configuration and starts it.</summary>
    public abstract void Start(LoadPlan plan);

    /// <summary>The ends of its logs, for whoever must find out why it failed.</summary>
    public string LogTail() => string.Join('\n', Directory.EnumerateFiles(_place.Folder, "*.log").SelectMany(file => File.ReadLines(file).TakeLast(5)));

    public void Dispose()
    {
        foreach (var process in _processes.AsEnumerable().Reverse())
        {
            Stop(process);
            process.Dispose();
        }

        foreach (var process in Space.FindProcesses())
        {
            process.Signal(UnixSignal.Kill);
        }
    }

    /// <summary>Runs a program to its end, outside, and gives what it printed on both streams.</summary>
    protected string Ask(string program, params IEnumerable<string> arguments)
    {
        string[] command = [.. _place.Command(program), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new UnreachableException("a process that is not shell-executed always starts anew");
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output + errors.GetAwaiter().GetResult()).Trim();
    }

    /// <summary>The path of one of the daemon's programs, as it sees it.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="folder">Where it is, when that is no folder of programs, or one of two of the same name.</param>
    /// <exception cref="LoadException">It is not there.</exception>
    protected string Find(string program, string? folder = null) => Programs.Find(_place.Root, program, folder);

    /// <summary>Makes a folder that is none of the run's.</summary>
    protected void MakeFolder(string path) => Directory.CreateDirectory(_place.Root + path);

    /// <summary>The path of a file in the daemon's folder, as it sees it.</summary>
    protected string FileOf(string name) => Path.Combine(Folder, name);

    /// <summary>Writes a file that nobody else may write.</summary>
    protected string WriteFile(string name, string text, bool isPrivate = false)
    {
        var path = Path.Combine(_place.Folder, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | (isPrivate ? 0 : UnixFileMode.GroupRead | UnixFileMode.OtherRead));
        return FileOf(name);
    }

    /// <summary>Starts a program inside; what it prints goes to a file.</summary>
    protected void Run(string name, string program, params IEnumerable<string> arguments)
    {
        // The shell becomes the program, so that the process is the program's own.
        string[] command = ["-c", $"exec \"$@\" >'{Path.Combine(_place.Folder, name + ".log")}' 2>&1", "sh", .. _place.Command(program), .. arguments];
        _processes.Add(Space.StartProcess(new ProcessStartInfo("sh", command) { RedirectStandardInput = true }));
    }

    /// <summary>Waits for a file that a program makes when it is ready.</summary>
    /// <exception cref="LoadException">It does not.</exception>
    protected void WaitForFile(string name)
    {
        for (var start = Stopwatch.GetTimestamp(); !File.Exists(Path.Combine(_place.Folder, name)); Thread.Sleep(1))
        {
            if (HasEnded || Stopwatch.GetElapsedTime(start) > ReadyLimit)
            {
                throw new LoadException(RunOutcome.Failed, $"it makes no {name}: {LogTail()}");
            }
        }
    }

    private static void Stop(Process process)
    {
        if (process.HasExited)
        {
            return;
        }

        if (ProcessIdentity.TryRead(process.Id, out var identity))
        {
            identity.Signal(UnixSignal.Terminate);
        }

        if (!process.WaitForExit(Grace))
        {
            process.Kill();
            process.WaitForExit();
        }
    }
}
