using System.Diagnostics;
using System.Text;
using Bgp.Linux;

namespace Bgp.Daemon.Tests;

/// <summary>The built program, run as a user runs it.</summary>
internal sealed class LabProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private LabProcess(Process process)
    {
        _process = process;
    }

    /// <summary>What it has printed so far.</summary>
    public string Output => _output.ToString();

    public LabName Name => ProcessIdentity.TryRead(_process.Id, out var identity)
        ? new LabName(identity)
        : throw new AssertionException("the lab's process is gone");

    private static string Program => Path.Combine(TestContext.CurrentContext.TestDirectory, "bgp");

    public static LabProcess Start(params IEnumerable<string> arguments) => Run(Program, arguments);

    /// <summary>As a user who may do nothing.</summary>
    public static LabProcess StartWithoutPrivileges(params IEnumerable<string> arguments) =>
        Run("setpriv", ["--bounding-set=-all", "--inh-caps=-all", Program, .. arguments]);

    /// <summary>Reads on until a line holds the text.</summary>
    public async Task WaitForAsync(string text, CancellationToken cancellation)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            _output.AppendLine(line);
            if (line.Contains(text))
            {
                return;
            }
        }

        Assert.Fail($"it ended without '{text}':\n{Output}{await _process.StandardError.ReadToEndAsync(cancellation)}");
    }

    /// <summary>Its exit code and what it printed on standard error.</summary>
    public async Task<(int Code, string Errors)> WaitForEndAsync(CancellationToken cancellation)
    {
        var errors = _process.StandardError.ReadToEndAsync(cancellation);
        _output.Append(await _process.StandardOutput.ReadToEndAsync(cancellation));
        await _process.WaitForExitAsync(cancellation);
        return (_process.ExitCode, await errors);
    }

    public void Signal(UnixSignal signal) => Name.Owner.Signal(signal);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static LabProcess Run(string program, IEnumerable<string> arguments) => new(Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!);
}
