using System.Globalization;
using Bgp.Simulation;

const string Usage = """
    usage: Bgp.Simulation SEED [--count N] [--trace]
           Bgp.Simulation mesh NODES
           Bgp.Simulation reload NEIGHBORS ROUTES

      SEED        the first seed
      --count N   how many seeds, one after the other (default 1)
      --trace     write every event to standard output
      NODES       brings up a full mesh of so many nodes (2 to 1000) and says what it cost
      NEIGHBORS   changes the export policy of so many neighbors (2 to 900), that are sent so many
      ROUTES      routes (1 to 1000000), and says what each was told and what it cost

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

var isTraced = args.Contains("--trace");
var countAt = Array.IndexOf(args, "--count");
ulong count = 1;
if (args.Length == 0
    || !ulong.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
    || (countAt > 0 && (countAt + 1 == args.Length || !ulong.TryParse(args[countAt + 1], NumberStyles.None, CultureInfo.InvariantCulture, out count))))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

var failures = 0;
for (var next = seed; next < seed + count; next++)
{
    var result = SeedRun.Run(next, isTraced ? Console.Out : null);
    failures += result.Violations.Count > 0 ? 1 : 0;
    Console.WriteLine(result);
}

return failures == 0 ? 0 : 1;
