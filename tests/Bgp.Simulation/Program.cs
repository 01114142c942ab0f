using System.Globalization;
using Bgp.Simulation;

const string Usage = """
    usage: Bgp.Simulation SEED [--count N] [--trace]
           Bgp.Simulation mesh NODES

      SEED        the first seed
      --count N   how many seeds, one after the other (default 1)
      --trace     write every event to standard output
      NODES       brings up a full mesh of so many nodes (2 to 1000) and says what it cost

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
