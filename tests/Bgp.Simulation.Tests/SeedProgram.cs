using System.Diagnostics;
using System.Globalization;

namespace Bgp.Simulation.Tests;

/// <summary>
/// The simulator as a process of its own, which is asked for one seed after the other: two networks of a thousand nodes in one process wait for each other whenever its collector runs.
/// </summary>
internal sealed class SeedProgram : IDisposable
{
    // A thousand engines live long: the more is allocated between two collections, the less often they are looked through. Hexadecimal; the runtime takes it from nowhere else.
    private const string YoungBytes = "8000000";

    private readonly Process _process;
    private readonly Task<string> _errors;

    public SeedProgram(int clients)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Simulator).Assembly.Location, "reflector", clients.ToString(CultureInfo.InvariantCulture), "--ask"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // A seed runs for seconds in what was compiled first.
            Environment = { ["DOTNET_GCgen0size"] = YoungBytes, ["DOTNET_TieredCompilation"] = "0" },
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Runs a seed and waits for what comes of it; where the program ends instead, the text is what it said, its errors and its exit code.</summary>
    public (bool IsPassed, string Text) Run(ulong seed)
    {
        var lines = new List<string>();
        try
        {
            _process.StandardInput.WriteLine(seed.ToString(CultureInfo.InvariantCulture));
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended already, which the end of its output says too.
        }

        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line is "passed" or "failed")
            {
                return (line == "passed", string.Join(Environment.NewLine, lines));
            }

            lines.Add(line);
        }

        _process.WaitForExit();
        return (false, string.Join(Environment.NewLine, [.. lines, $"seed {seed}: the simulator ended with code {_process.ExitCode}", _errors.Result]));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
