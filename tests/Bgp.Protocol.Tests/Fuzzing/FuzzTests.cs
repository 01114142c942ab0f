using System.Globalization;

namespace Bgp.Protocol.Tests;

/// <summary>
/// Every target of <c>tests/Bgp.Fuzzing</c>, 1,000,000 inputs in all: nothing throws, everything ends in an outcome of the tables, and what is
/// encoded comes back the same. <c>BGP_FUZZ_MESSAGES</c> asks for another number, <c>BGP_FUZZ_SEED</c> for another seed.
/// </summary>
public sealed class FuzzTests
{
    private const ulong DefaultSeed = 4271;
    private const ulong DefaultMessages = 1_000_000;
    private const ulong LeastGoodShare = 20;

    private static IEnumerable<string> TargetNames => FuzzTargets.All.Select(static target => target.Name);

    [TestCaseSource(nameof(TargetNames))]
    public void Target_RandomAndMutatedInputs_BreakNoRule(string name)
    {
        var target = FuzzTargets.All.Single(each => each.Name == name);
        var count = Setting("BGP_FUZZ_MESSAGES", DefaultMessages) * FuzzTargets.Weight(target) / FuzzTargets.TotalWeight;
        var run = new FuzzRun(target, Setting("BGP_FUZZ_SEED", DefaultSeed));
        var failure = run.Run(count);
        TestContext.Out.WriteLine($"{run.Checked} inputs, {run.Kinds} kinds of outcome");
        Assert.That(failure, Is.Null);
        Assert.That(run.Kinds, Is.GreaterThan(1), "the inputs go more than one way");
    }

    [Test]
    public void Corpus_EveryLine_IsOfATarget() => Assert.That(Corpus.Targets, Is.SubsetOf(TargetNames));

    [Test]
    public void UpdateTarget_OfManyInputs_MakesEnoughGoodSetsToMeanSomething()
    {
        const ulong Count = 20_000;
        var target = new UpdateTarget();
        Assert.That(new FuzzRun(target, DefaultSeed).Run(Count), Is.Null);
        Assert.That((ulong)target.CanonicalSets, Is.GreaterThan(Count / LeastGoodShare));
    }

    [Test]
    public void Run_OfATargetThatThrows_NamesSeedIndexAndInput()
    {
        var failure = new FuzzRun(new ThrowingTarget(), seed: 7).Run(count: 100);
        Assert.That(failure?.ToString(), Does.Contain("throwing: seed 7, index").And.Contain("-- throwing --replay ff"));
        Assert.That(new FuzzRun(new ThrowingTarget(), seed: 7).Replay(failure!.Input)?.Reason, Is.TypeOf<BrokenRuleException>());
    }

    private static ulong Setting(string name, ulong fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : fallback;

    private sealed class ThrowingTarget() : FuzzTarget("throwing")
    {
        protected override IEnumerable<byte[]> Fixtures => [];

        public override int Create(ref FuzzRandom random, Span<byte> destination)
        {
            destination[0] = random.Below(10) == 0 ? (byte)0xff : (byte)0;
            return 1;
        }

        public override FuzzOutcome Check(ReadOnlySpan<byte> input)
        {
            BrokenRuleException.Require(input[0] != 0xff, "never 255");
            return default;
        }
    }
}
