using System.Diagnostics;
using System.Globalization;
using Bgp.Fuzzing;

const string Usage = """
    usage: Bgp.Fuzzing TARGET|all [--seed N] [--count N] [--seconds N] [--grow]
           Bgp.Fuzzing TARGET --replay HEX
           Bgp.Fuzzing --list

      TARGET          one of --list; all: each has its share of the count or of the time
      --seed N        the first seed (default 4271); each seed gives other inputs
      --count N       how many inputs (default 1000000; with --seconds: no limit)
      --seconds N     for how long
      --grow          write inputs whose outcome is of a new kind, as lines for tests/Fixtures/fuzz-corpus.txt
      --replay HEX    check this input and nothing else

    Exit code 0: no rule is broken; 1: one is; 2: the command line is wrong.
    """;
const ulong DefaultSeed = 4271;
const ulong DefaultCount = 1_000_000;

if (args is ["--list"])
{
    Console.WriteLine(string.Join('\n', FuzzTargets.All));
    return 0;
}

var chosen = FuzzTargets.All.Where(target => args.Length != 0 && (args[0] == "all" || args[0] == target.Name)).ToArray();
if (chosen.Length == 0
    || !TryOption("--seed", DefaultSeed, out var seed)
    || !TryOption("--seconds", 0, out var seconds)
    || !TryOption("--count", seconds == 0 ? DefaultCount : ulong.MaxValue, out var count))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

if (Array.IndexOf(args, "--replay") is var replayAt and > 0)
{
    if (chosen.Length != 1)
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }

    var hex = replayAt + 1 < args.Length ? args[replayAt + 1] : "";
    return Say(new FuzzRun(chosen[0], seed).Replay(Convert.FromHexString(hex))) ? 0 : 1;
}

ulong total = 0;
var isGood = true;
var watch = Stopwatch.StartNew();
foreach (var target in chosen)
{
    var weight = chosen.Length == 1 ? FuzzTargets.TotalWeight : FuzzTargets.Weight(target);
    var run = new FuzzRun(target, seed)
    {
        Found = args.Contains("--grow") ? input => Console.WriteLine($"{target.Name} {Convert.ToHexStringLower(input)}") : null,
    };
    var share = count == ulong.MaxValue ? count : count * weight / FuzzTargets.TotalWeight;
    var started = watch.Elapsed;
    isGood &= Say(run.Run(share, seconds == 0 ? null : TimeSpan.FromSeconds((double)seconds * weight / FuzzTargets.TotalWeight)));
    total += run.Checked;
    Console.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{target.Name}: {run.Checked} inputs, {run.Kinds} kinds of outcome, {(watch.Elapsed - started).TotalSeconds:0.0} s"));
}

Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {total} inputs in {watch.Elapsed.TotalSeconds:0.0} s"));
return isGood ? 0 : 1;

bool TryOption(string name, ulong fallback, out ulong value)
{
    value = fallback;
    var at = Array.IndexOf(args, name);
    return at < 0 || (at + 1 < args.Length && ulong.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out value));
}

static bool Say(FuzzFailure? failure)
{
    if (failure is not null)
    {
        Console.Error.WriteLine(failure);
    }

    return failure is null;
}
