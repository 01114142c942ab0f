using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Bgp.Interop.Tests;

/// <summary>A program that runs until it is disposed; what it prints is kept to explain a failure.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    public ChildProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool IsRunning => !_process.HasExited;

    public string Output
    {
        get
        {
            // The two streams are read by pool threads.
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Stops the program where it is; its connections stay open.</summary>
    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    public void Dispose()
    {
        if (IsRunning)
        {
            Thaw();
            Signal("TERM");
            if (!_process.WaitForExit(Grace))
            {
                _process.Kill();
                _process.WaitForExit();
            }
        }

        _process.Dispose();
    }

    // `kill` of the shell: the program of that name is not on every machine.
    private void Signal(string name) => Command.Try("sh", "-c", $"kill -{name} $0", _process.Id.ToString(CultureInfo.InvariantCulture));

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
