using System.Diagnostics;
using System.Globalization;
using Bgp.Linux;

namespace Bgp.Daemon;

/// <summary>One router's daemon: this very program, run in the router's namespace. What it prints goes to a log file. It dies with us (<see cref="Lifeline"/>).</summary>
internal sealed class LabDaemon : IDisposable
{
    private const int TailLines = 5;

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly string _logFile;

    private LabDaemon(string router, Process process, string logFile)
    {
        Router = router;
        _process = process;
        _logFile = logFile;
        _log = new StreamWriter(logFile) { AutoFlush = true };
        process.OutputDataReceived += (_, line) => Log(line.Data);
        process.ErrorDataReceived += (_, line) => Log(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Router { get; }

    public bool HasEnded => _process.HasExited;

    /// <exception cref="LinuxException">There is no such namespace.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">The program could not be started.</exception>
    public static LabDaemon Start(LabName lab, string router)
    {
        var start = OwnProgram(["run", "--config", lab.FileOf(router)]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment[Lifeline.Variable] = Lifeline.StandardInput;
        using var space = NetworkNamespace.Open(lab.NamespaceOf(router));
        return new LabDaemon(router, space.StartProcess(start), lab.LogOf(router));
    }

    /// <summary>How to run this program once more: as an executable, or as an argument of `dotnet`.</summary>
    public static ProcessStartInfo OwnProgram(IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath ?? throw new UnreachableException("Linux always tells the path of the running program");
        var start = new ProcessStartInfo(program);
        if (Path.GetFileName(program) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    /// <summary>Waits until it has ended, and says how.</summary>
    public async Task<string> WaitForEndAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return DescribeEnd();
    }

    /// <summary>How it ended, with the last lines that it printed.</summary>
    public string DescribeEnd()
    {
        // The shell's convention, which the base library follows: 128 and the number of the signal.
        const int SignalBase = 128;
        var code = _process.ExitCode;
        var end = code > SignalBase
            ? string.Create(CultureInfo.InvariantCulture, $"was ended by signal {code - SignalBase}")
            : string.Create(CultureInfo.InvariantCulture, $"ended with exit code {code}");
        return string.Join('\n', [$"the daemon of {Router} {end}", .. Tail().Select(line => $"  {line}")]);
    }

    /// <summary>The last lines that it printed.</summary>
    public IReadOnlyList<string> Tail()
    {
        using var reader = new StreamReader(new FileStream(_logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(TailLines)];
    }

    /// <summary>Asks it to leave; it need not have been running any more.</summary>
    public void Terminate()
    {
        if (!_process.HasExited && ProcessIdentity.TryRead(_process.Id, out var identity))
        {
            identity.Signal(UnixSignal.Terminate);
        }
    }

    /// <summary>Whether it ended in time.</summary>
    public bool WaitForEnd(TimeSpan deadline) => _process.WaitForExit(deadline);

    public void Dispose()
    {
        _process.Dispose();
        lock (_log)
        {
            _log.Dispose();
        }
    }

    // The two streams are read on threads of the pool, so that their lines may come at the same time, and a last one while we are disposed of.
    private void Log(string? line)
    {
        lock (_log)
        {
            if (line is not null && _log.BaseStream.CanWrite)
            {
                _log.WriteLine(line);
            }
        }
    }
}
