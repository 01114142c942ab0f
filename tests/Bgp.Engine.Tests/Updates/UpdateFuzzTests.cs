using System.Globalization;

namespace Bgp.Engine.Tests;

/// <summary>
/// Whole engines under random and mutated UPDATEs of seven kinds of peers, with refreshes, sessions that end and come back, slow readers and small bounds. Nothing throws; at rest every
/// Adj-RIB-In is what a dictionary holds after the same messages, and every receiver has decoded what the engine's Adj-RIB-Out says; after the last session nothing is left.
/// <c>BGP_FUZZ_MESSAGES</c> says how many UPDATEs, <c>BGP_FUZZ_SEED</c> by which first seed; a failure names its seed.
/// </summary>
[NonParallelizable]
public sealed class UpdateFuzzTests
{
    private const int MessagesOfSeed = 2000;
    private const ulong DefaultMessages = 60_000;

    [Test]
    public void Updates_RandomAndMutated_EngineAgreesWithModelAndReceivers()
    {
        var first = Setting("BGP_FUZZ_SEED", 4271);
        var seeds = (Setting("BGP_FUZZ_MESSAGES", DefaultMessages) + MessagesOfSeed - 1) / MessagesOfSeed;
        long sessionsLost = 0, routes = 0;
        for (var seed = first; seed < first + seeds; seed++)
        {
            var before = NativeArena.LiveBytes;
            var isGood = false;
            try
            {
                using var run = new UpdateFuzzRun((int)seed);
                run.Run(MessagesOfSeed);
                sessionsLost += run.Verdicts;
                routes += run.RoutesCompared;
                isGood = true;
            }
            finally
            {
                if (!isGood)
                {
                    TestContext.Out.WriteLine($"to run it again: BGP_FUZZ_SEED={seed} BGP_FUZZ_MESSAGES=1");
                }
            }

            Assert.That(NativeArena.LiveBytes, Is.EqualTo(before), $"BGP_FUZZ_SEED={seed}: no native memory is left");
        }

        TestContext.Out.WriteLine($"seeds {first} to {first + seeds - 1}: {sessionsLost} sessions ended by a verdict, {routes} routes compared");
        Assert.That(routes, Is.GreaterThan((long)seeds * 100), "there are enough routes to mean something");
    }

    private static ulong Setting(string name, ulong fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
