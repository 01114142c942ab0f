using System.CommandLine;
using System.Globalization;

namespace Bgp.Load;

/// <summary><c>run SCENARIO --daemon NAME --out FILE</c></summary>
internal static class RunCommand
{
    private const int Failed = 1;
    private const int Megabyte = 1 << 20;

    public static Command Create()
    {
        var scenario = new Argument<string>("scenario") { Description = "Such as S2; `list` names them" };
        var daemon = new Option<DaemonKind>("--daemon") { Description = "What is put under load", Required = true };
        var program = new Option<string>("--program") { Description = "Our published executable", DefaultValueFactory = _ => "bgp" };
        var output = new Option<string?>("--out") { Description = "The file for the result; else standard output alone", HelpName = "FILE" };
        var scale = new Option<double>("--scale") { Description = "Shrinks the number of routes", DefaultValueFactory = _ => 1 };
        var time = new Option<int>("--time-limit") { Description = "Seconds, for each thing that is waited for", DefaultValueFactory = _ => 300 };
        var memory = new Option<int>("--memory-limit") { Description = "MiB, of the daemon's processes together", DefaultValueFactory = _ => 8192 };
        var root = new Option<string>("--root") { Description = "Another Debian's root folder, out of which the peers run", HelpName = "FOLDER", DefaultValueFactory = _ => "" };
        var keep = new Option<bool>("--keep") { Description = "Keep the daemon's files" };
        var command = new Command("run", "Run one scenario against one daemon.\n\nExample: Bgp.Load run S2 --daemon bird --out s2-bird.json")
        {
            scenario, daemon, program, output, scale, time, memory, root, keep,
        };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(scenario), parsed.GetValue(output), new RunOptions
        {
            Daemon = parsed.GetValue(daemon),
            Program = parsed.GetRequiredValue(program),
            Scale = parsed.GetValue(scale),
            TimeLimit = TimeSpan.FromSeconds(parsed.GetValue(time)),
            MemoryLimit = (long)parsed.GetValue(memory) * Megabyte,
            Root = parsed.GetRequiredValue(root),
            KeepsFiles = parsed.GetValue(keep),
        }));
        return command;
    }

    private static int Run(string name, string? output, RunOptions options)
    {
        if (ScenarioList.Find(name) is not { } scenario)
        {
            Console.Error.WriteLine($"Bgp.Load: no scenario '{name}'");
            return 2;
        }

        if (options.Daemon == DaemonKind.Floor && !scenario.HasFloor)
        {
            Console.WriteLine($"{scenario.Name} has no floor");
            return 0;
        }

        var result = Execute(scenario, options, output);
        Write(result, output);

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Scenario} {result.Daemon}: {result.Outcome}, wall {result.WallSeconds:0.000} s, CPU {result.CpuSeconds:0.000} s (load {result.LoadCpuSeconds:0.000} s), peak {result.PeakMiB:0} MiB, rest {result.RestMiB:0} MiB, {result.Missing} missing, {result.Extra} extra, {result.Wrong} wrong {string.Join(' ', result.Values.Select(value => $"{value.Key}={value.Value}"))} {result.Reason}"));
        return result.Outcome == RunOutcome.Converged ? 0 : Failed;
    }

    private static void Write(RunResult result, string? output)
    {
        if (output is not null)
        {
            result.Write(output);
        }
    }

    private static RunResult Execute(Scenario scenario, RunOptions options, string? output)
    {
        using var run = new LoadRun(options, scenario.Plan(options.Scale));
        // If this process does not get to the end, then that is the result.
        Write(run.Finish(scenario.Name, new LoadException(RunOutcome.Failed, "the run itself broke off, or took far longer than its time limit"), default), output);
        CheckResult beside = default;
        LoadException? failure = null;
        try
        {
            GC.Collect();
            beside = scenario.Run(run);
        }
        catch (LoadException expected)
        {
            failure = expected;
        }

        return run.Finish(scenario.Name, failure, beside);
    }
}
