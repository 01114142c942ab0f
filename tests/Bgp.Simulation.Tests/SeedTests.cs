using System.Diagnostics;
using System.Globalization;

namespace Bgp.Simulation.Tests;

/// <summary>
/// Seeds over all topologies. BGP_SIM_SEEDS says how many (default 100), BGP_SIM_SEED names one to run instead.
/// </summary>
[TestFixture]
internal sealed class SeedTests
{
    private const ulong DefaultCount = 100;
    private const ulong DeterminismSeed = 12;

    [Test]
    public void Seeds_AllTopologies_ViolateNothing()
    {
        var only = Number("BGP_SIM_SEED");
        var first = only ?? 1;
        var count = only is null ? Number("BGP_SIM_SEEDS") ?? DefaultCount : 1;
        var failures = new List<string>();
        for (var seed = first; seed < first + count; seed++)
        {
            var result = SeedRun.Run(seed);
            if (result.Violations.Count > 0)
            {
                failures.Add($"{result}{Environment.NewLine}replay: dotnet run --project tests/Bgp.Simulation -- {seed} --trace");
            }
        }

        Assert.That(failures, Is.Empty, string.Join(Environment.NewLine, failures));
    }

    [Test]
    public void Trace_SameSeedTwice_IsTheSame()
    {
        var first = SeedRun.Run(DeterminismSeed);
        var second = SeedRun.Run(DeterminismSeed);

        Assert.That(second.Hash, Is.EqualTo(first.Hash));
    }

    [Test]
    public void Trace_OtherSeed_IsAnother()
    {
        Assert.That(SeedRun.Run(DeterminismSeed).Hash, Is.Not.EqualTo(SeedRun.Run(DeterminismSeed + 1).Hash));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Trace_AnotherProcess_IsTheSame(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["exec", typeof(SeedRun).Assembly.Location, DeterminismSeed.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        Assert.That(output.Trim(), Is.EqualTo(SeedRun.Run(DeterminismSeed).ToString()));
    }

    private static ulong? Number(string variable) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
