using System.CommandLine;
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
        var nodes = NewNumber("--nodes", "N", "How many nodes, each with its own daemon, pod block and pods", least: 1, LabOptions.MaxNodes, usual: 3);
        var reflectors = NewNumber("--reflectors", "R", "How many route reflectors the nodes peer with, instead of with each other", least: 0, LabOptions.MaxReflectors, usual: 0);
        var tor = NewNumber(
            "--tor", "T", "How many racks the nodes are spread over, where they peer by eBGP with the ToR router of their rack", least: 0, LabOptions.MaxNodes, usual: 0);
        var ipv6 = new Option<bool>("--ipv6") { Description = "Both families instead of IPv4 alone" };
        var once = new Option<bool>("--once") { Description = "End after the ping matrix; exit code 0 only when every ping was answered" };

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

    private static Option<int> NewNumber(string name, string helpName, string description, int least, int most, int usual) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: a number from {least} to {most}, not '{result.Tokens[0].Value}'"));
            return usual;
        },
    };

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
