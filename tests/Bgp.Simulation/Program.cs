using System.Globalization;
using Bgp.Simulation;

const string Usage = """
    usage: Bgp.Simulation SEED [--count N] [--trace]
           Bgp.Simulation mesh NODES
           Bgp.Simulation reload NEIGHBORS ROUTES
           Bgp.Simulation reflector CLIENTS [--seed SEED] [--count N] [--trace]
           Bgp.Simulation reflector CLIENTS --ask

      SEED        the first seed
      --count N   how many seeds, one after the other (default 1)
      --trace     write every event to standard output
      NODES       brings up a full mesh of so many nodes (2 to 1000) and says what it cost
      NEIGHBORS   changes the export policy of so many neighbors (2 to 900), that are sent so many
      ROUTES      routes (1 to 1000000), and says what each was told and what it cost
      CLIENTS     so many clients (10 to 1000) of two reflectors, with restarts and partitions; by default seed 1
      --ask       read the seeds from standard input, one a line, until its end; each answer ends with the line "passed" or "failed"

    Exit code 0: nothing is violated; 1: something is; 2: the command line is wrong.
    """;

if (args is ["mesh", var size])
{
    if (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var nodes) || nodes is < 2 or > Topology.MaxNodes)
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }

    return MeshRun.Run(nodes, Console.Out) ? 0 : 1;
}

if (args is ["reload", var neighbors, var routes])
{
    if (!int.TryParse(neighbors, NumberStyles.None, CultureInfo.InvariantCulture, out var neighborCount) || neighborCount is < 2 or > 900
        || !int.TryParse(routes, NumberStyles.None, CultureInfo.InvariantCulture, out var routeCount) || routeCount is < 1 or > 1_000_000)
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }

    var violations = ReloadRun.Run(neighborCount, routeCount, Console.Out);
    Console.WriteLine(string.Join(Environment.NewLine, ["violations: " + violations.Count.ToString(CultureInfo.InvariantCulture), .. violations]));
    return violations.Count == 0 ? 0 : 1;
}

if (args is ["reflector", var clientCount, .. var options])
{
    return !int.TryParse(clientCount, NumberStyles.None, CultureInfo.InvariantCulture, out var clients) || clients is < 10 or > Topology.MaxNodes ? Misused()
        : options is ["--ask"] ? AnswerSeeds(clients)
        : TryOption(options, "--seed", out var first) ? RunSeeds(first, options, (seed, trace) => ReflectorRun.Run(clients, seed, trace))
        : Misused();
}

return args.Length > 0 && ulong.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out var only) ? RunSeeds(only, args[1..], SeedRun.Run) : Misused();

static int Misused()
{
    Console.Error.WriteLine(Usage);
    return 2;
}

static int RunSeeds(ulong first, string[] options, Func<ulong, TextWriter?, SeedResult> run)
{
    if (!TryOption(options, "--count", out var count))
    {
        return Misused();
    }

    var failures = 0;
    for (var seed = first; seed < first + count; seed++)
    {
        var result = run(seed, options.Contains("--trace") ? Console.Out : null);
        failures += result.Violations.Count > 0 ? 1 : 0;
        Console.WriteLine(result);
    }

    return failures == 0 ? 0 : 1;
}

static int AnswerSeeds(int clients)
{
    var failures = 0;
    while (Console.ReadLine() is { } line)
    {
        if (!ulong.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
        {
            return Misused();
        }

        var result = ReflectorRun.Run(clients, seed);
        failures += result.Violations.Count > 0 ? 1 : 0;
        Console.WriteLine(result);
        Console.WriteLine(result.Violations.Count == 0 ? "passed" : "failed");

        // The network that is over need not be there beside the next one.
        GC.Collect();
    }

    return failures == 0 ? 0 : 1;
}

// The number after an option, 1 where the option is absent; false where it is no number.
static bool TryOption(string[] options, string name, out ulong number)
{
    number = 1;
    var at = Array.IndexOf(options, name);
    return at < 0 || (at + 1 < options.Length && ulong.TryParse(options[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out number));
}
