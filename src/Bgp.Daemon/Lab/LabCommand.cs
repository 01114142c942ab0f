using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Bgp.Daemon;

/// <summary>`bgp lab` and `bgp lab exec`.</summary>
internal static class LabCommand
{
    private const int Failed = 1;

    private const string Privileges =
        "bgp lab needs root (CAP_SYS_ADMIN, CAP_NET_ADMIN and CAP_NET_RAW): it makes network namespaces, devices and routes, and pings. Try: sudo bgp lab";

    public static Command Create()
    {
        var nodes = new Option<int>("--nodes") { Description = "How many nodes, each with its own daemon, pod block and pods", DefaultValueFactory = _ => 3, HelpName = "N" };
        var reflectors = new Option<int>("--reflectors") { Description = "How many route reflectors the nodes peer with, instead of with each other", HelpName = "R" };
        var tor = new Option<int>("--tor") { Description = "How many racks the nodes are spread over; they peer with the ToR router of theirs by eBGP", HelpName = "T" };
        var ipv6 = new Option<bool>("--ipv6") { Description = "Both families instead of IPv4 alone" };
        var once = new Option<bool>("--once") { Description = "End after the ping matrix; exit code 0 only when every ping was answered" };
        nodes.Validators.Add(result => CheckRange(result, 1, LabOptions.MaxNodes));
        reflectors.Validators.Add(result => CheckRange(result, 0, LabOptions.MaxReflectors));
        tor.Validators.Add(result => CheckRange(result, 0, LabOptions.MaxNodes));

        var command = new Command(
            "lab",
            """
            Build a cluster of network namespaces on this machine, run a daemon in each node, and prove by pings that pods reach each other.

            Example: bgp lab --nodes 4 --ipv6 --once
            """)
        {
            nodes, reflectors, tor, ipv6, once, CreateExec(),
        };
        command.SetAction(result => Run(Check(new LabOptions
        {
            Nodes = result.GetValue(nodes),
            Reflectors = result.GetValue(reflectors),
            Racks = result.GetValue(tor),
            Ipv6 = result.GetValue(ipv6),
            Once = result.GetValue(once),
        })));
        return command;
    }

    private static Command CreateExec()
    {
        var node = new Argument<string>("node") { Description = "A node or a pod, such as node1 or pod1-2" };
        var program = new Argument<string[]>("command") { Description = "The command and its arguments, after --", Arity = ArgumentArity.OneOrMore };
        var lab = new Option<int?>("--lab") { Description = "The number of the lab's process, where several run", HelpName = "PID" };
        var command = new Command(
            "exec",
            """
            Run a command inside a node or a pod of the running lab; its exit code is ours.

            Example: bgp lab exec node1 -- ip route show proto bgp
            """)
        {
            node, program, lab,
        };
        command.SetAction(result => Guard(() => LabExec.Run(result.GetRequiredValue(node), result.GetValue(lab), result.GetRequiredValue(program))));
        return command;
    }

    private static void CheckRange(OptionResult result, int least, int most)
    {
        if (result.GetValueOrDefault<int>() is var value && (value < least || value > most))
        {
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{result.Option.Name} is a number from {least} to {most}"));
        }
    }

    /// <exception cref="CommandException">No lab has this shape.</exception>
    private static LabOptions Check(LabOptions options) => options switch
    {
        { Reflectors: > 0, Racks: > 0 } =>
            throw new CommandException(ExitCodes.Wrong, "lab --reflectors and --tor exclude each other: nodes peer with reflectors by iBGP, or with their ToR by eBGP"),
        _ when options.Racks > options.Nodes =>
            throw new CommandException(ExitCodes.Wrong, string.Create(CultureInfo.InvariantCulture, $"lab --tor {options.Racks} needs as many nodes, and --nodes is {options.Nodes}")),
        _ => options,
    };

    private static int Run(LabOptions options) => Guard(() =>
    {
        try
        {
            return new Lab(options, LabScreen.Create()).RunAsync().GetAwaiter().GetResult() ? 0 : Failed;
        }
        catch (OperationCanceledException)
        {
            return Complain("bgp lab: interrupted; everything is removed", Failed);
        }
    });

    private static int Guard(Func<int> run)
    {
        if (!OperatingSystem.IsLinux() || !Linux.Privileges.HasSysAdmin || !Linux.Privileges.HasNetAdmin || !Linux.Privileges.HasNetRaw)
        {
            return Complain(Privileges, Failed);
        }

        try
        {
            return run();
        }
        catch (LabException failure)
        {
            return Complain($"bgp lab: {failure.Message}", Failed);
        }
    }

    private static int Complain(string line, int exitCode)
    {
        Console.Error.WriteLine(line);
        return exitCode;
    }
}
