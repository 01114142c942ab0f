using System.Diagnostics;

namespace Bgp.Interop.Tests;

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Returns the standard output; a non-zero exit code throws with what the program said.</summary>
    public static string Run(string program, params IEnumerable<string> arguments)
    {
        var (exitCode, output, error) = Try(program, arguments);
        return exitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit {exitCode}: {error.Trim()} {output.Trim()}");
    }

    public static (int ExitCode, string Output, string Error) Try(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', arguments)}: still running after {Limit.TotalSeconds:0} s");
        }

        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>A peer that is not installed is a failure, never a reason to skip.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="package">The Debian package that has it.</param>
    /// <param name="folder">Where it is, when that is no folder of the search path.</param>
    public static void Require(string program, string package, string? folder = null)
    {
        var path = folder ?? (Environment.GetEnvironmentVariable("PATH") ?? "") + ":/usr/sbin:/sbin";
        if (!path.Split(':').Any(place => File.Exists(Path.Combine(place, program))))
        {
            throw new AssertionException($"{program} is not installed: apt-get install {package}");
        }
    }
}
