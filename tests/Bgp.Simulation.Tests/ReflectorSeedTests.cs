using System.Collections.Concurrent;
using System.Globalization;

namespace Bgp.Simulation.Tests;

/// <summary>
/// Two reflectors with a thousand clients: seeds, as many at a time as processors and memory allow. BGP_SIM_REFLECTOR_SEEDS says how many there are in all (default 20).
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
internal sealed class ReflectorSeedTests
{
    private const int Clients = 1000;
    private const int DefaultCount = 20;

    /// <summary>What one simulation may take.</summary>
    private const long MemoryOfOne = 3L << 30;

    private readonly ConcurrentBag<SeedProgram> _idle = [];
    private SemaphoreSlim _turns = new(1);

    private static IEnumerable<ulong> Seeds
    {
        get
        {
            var count = int.TryParse(Environment.GetEnvironmentVariable("BGP_SIM_REFLECTOR_SEEDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : DefaultCount;
            return Enumerable.Range(1, count).Select(seed => (ulong)seed);
        }
    }

    [OneTimeSetUp]
    public void Count()
    {
        // How much memory there is is known from the first collection on.
        GC.Collect();
        _turns.Dispose();
        _turns = new SemaphoreSlim((int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryOfOne, 1, Environment.ProcessorCount));
    }

    [OneTimeTearDown]
    public void End()
    {
        foreach (var program in _idle)
        {
            program.Dispose();
        }

        _turns.Dispose();
    }

    [TestCaseSource(nameof(Seeds))]
    public void Seed_ThousandClients_ViolatesNothing(ulong seed)
    {
        _turns.Wait();
        try
        {
            var program = _idle.TryTake(out var idle) ? idle : new SeedProgram(Clients);
            var (isPassed, text) = program.Run(seed);
            if (isPassed)
            {
                _idle.Add(program);
            }
            else
            {
                // One that failed is not asked again: it may have ended.
                program.Dispose();
            }

            Assert.That(isPassed, $"{text}{Environment.NewLine}replay: dotnet run -c Release --project tests/Bgp.Simulation -- reflector {Clients} --seed {seed}");
        }
        finally
        {
            _turns.Release();
        }
    }
}
