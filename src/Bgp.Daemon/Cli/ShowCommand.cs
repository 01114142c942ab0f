using System.CommandLine;
using System.Text;
using System.Text.Json;

namespace Bgp.Daemon;

/// <summary><c>bgp show summary|neighbors|routes|fib|config</c>: a table for people, <c>-o json</c> for programs.</summary>
internal static class ShowCommand
{
    private static readonly Option<string> Socket = SocketOption.Create();

    private static readonly Option<string> Output = CreateOutput();

    public static Command Create() => new("show", "Show the state of the running daemon.\n\nExample: bgp show neighbors -o json")
    {
        Socket,
        Output,
        Document("summary", "The daemon in a few lines.", ControlPaths.Summary, ShowTables.Summary),
        CreateNeighbors(),
        Document("fib", "The routes that the kernel has or should have from us, in the order of their prefixes.", ControlPaths.Fib, ShowTables.Fib, RouteOrder.Sort),
        CreateRoutes(),
        CreateConfig(),
    };

    private static Option<string> CreateOutput()
    {
        var output = new Option<string>("--output", "-o") { Description = "text or json.", HelpName = "FORMAT", DefaultValueFactory = _ => "text", Recursive = true };
        output.AcceptOnlyFromAmong("text", "json");
        return output;
    }

    private static Command Document(string name, string description, string path, Func<JsonElement, TextTable> table, Func<byte[], byte[]>? order = null)
    {
        var command = new Command(name, $"{description}\n\nExample: bgp show {name}");
        command.SetAction(async parsed =>
        {
            var body = await SocketOption.Client(parsed, Socket).GetAsync(path).ConfigureAwait(false);
            Print(parsed, order is null ? body : order(body), table);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command CreateNeighbors()
    {
        var neighbor = new Argument<string>("ADDR") { Description = "All about this one, by address, name or interface.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("neighbors", "The neighbors and their sessions; with an address, all about one.\n\nExample: bgp show neighbors 10.0.0.2") { neighbor };
        command.SetAction(async parsed =>
        {
            var query = new StringBuilder();
            Append(query, "neighbor", parsed.GetValue(neighbor));
            var body = await SocketOption.Client(parsed, Socket).GetAsync(ControlPaths.Neighbors + query).ConfigureAwait(false);
            if (parsed.GetValue(neighbor) is null || parsed.GetValue(Output) == "json")
            {
                Print(parsed, body, ShowTables.Neighbors);
                return ExitCodes.Done;
            }

            using var document = JsonDocument.Parse(body);
            foreach (var one in document.RootElement.EnumerateArray())
            {
                NeighborDetail.Of(one).WriteTo(parsed.InvocationConfiguration.Output);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Command CreateRoutes()
    {
        var prefix = new Argument<string>("PREFIX") { Description = "Only this prefix; of an address the longest one that covers it.", Arity = ArgumentArity.ZeroOrOne };
        var family = new Option<string>("--family") { Description = "ipv4-unicast or ipv6-unicast; without it, both.", HelpName = "F" };
        var table = new Option<string>("--table") { Description = "loc-rib, or one neighbor's adj-rib-in or adj-rib-out.", HelpName = "TABLE" };
        var neighbor = new Option<string>("--neighbor") { Description = "Only what this neighbor sent, or is sent.", HelpName = "ADDR" };
        var longer = new Option<bool>("--longer") { Description = "The prefix and what is more specific." };
        var covering = new Option<bool>("--covering") { Description = "The prefix and what is less specific." };
        table.AcceptOnlyFromAmong("loc-rib", "adj-rib-in", "adj-rib-out");
        family.AcceptOnlyFromAmong("ipv4-unicast", "ipv6-unicast");
        var command = new Command("routes", "The routes, in the order of their prefixes; of one prefix or address also all about each path. Not a snapshot while they change.\n\nExample: bgp show routes 10.244.0.0/16 --longer")
        {
            prefix, family, table, neighbor, longer, covering,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(longer) && result.GetValue(covering))
            {
                result.AddError("--longer and --covering exclude each other");
            }
            else if ((result.GetValue(longer) || result.GetValue(covering)) && result.GetValue(prefix) is null)
            {
                result.AddError("--longer and --covering need a prefix");
            }
            else if (result.GetValue(table) is "adj-rib-in" or "adj-rib-out" && result.GetValue(neighbor) is null)
            {
                result.AddError("an Adj-RIB is one neighbor's: add --neighbor ADDR");
            }
        });
        command.SetAction(async parsed =>
        {
            var query = new StringBuilder();
            Append(query, "prefix", parsed.GetValue(prefix));
            Append(query, "family", parsed.GetValue(family));
            Append(query, "table", parsed.GetValue(table));
            Append(query, "neighbor", parsed.GetValue(neighbor));
            Append(query, "scope", parsed.GetValue(longer) ? "longer" : parsed.GetValue(covering) ? "covering" : null);
            var body = await SocketOption.Client(parsed, Socket).GetAsync(ControlPaths.Routes + query).ConfigureAwait(false);
            var sorted = RouteOrder.Sort(body);
            if (parsed.GetValue(Output) == "json")
            {
                WriteJson(parsed.InvocationConfiguration.Output, sorted);
                return ExitCodes.Done;
            }

            using var document = JsonDocument.Parse(sorted);
            var isForOne = parsed.GetValue(prefix) is not null && !parsed.GetValue(longer) && !parsed.GetValue(covering);
            WriteRoutes(parsed.InvocationConfiguration.Output, document.RootElement, parsed.GetValue(table), isForOne);
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The rows and what their marks mean; of one prefix also all about each path.</summary>
    internal static void WriteRoutes(TextWriter output, JsonElement routes, string? table, bool isForOne)
    {
        var rows = table == "adj-rib-in" ? ShowTables.ReceivedRoutes(routes) : ShowTables.Routes(routes);
        rows.WriteTo(output);
        if (rows.Rows.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine(ShowTables.Legend);
        foreach (var route in isForOne ? routes.EnumerateArray() : default)
        {
            output.WriteLine();
            RouteDetail.Of(route, isSent: table == "adj-rib-out").WriteTo(output);
        }
    }

    private static Command CreateConfig()
    {
        var all = new Option<bool>("--all") { Description = "Defaults too." };
        var command = new Command("config", "The configuration in force; secrets are left out.\n\nExample: bgp show config --all") { all };
        command.SetAction(async parsed =>
        {
            var query = new StringBuilder();
            Append(query, "format", parsed.GetValue(Output) == "json" ? "json" : null);
            Append(query, "all", parsed.GetValue(all) ? "true" : null);
            var body = await SocketOption.Client(parsed, Socket).GetAsync(ControlPaths.Config + query).ConfigureAwait(false);
            parsed.InvocationConfiguration.Output.WriteLine(Encoding.UTF8.GetString(body).TrimEnd());
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Long lists go out as the bytes that they are.</summary>
    private static void WriteJson(TextWriter output, byte[] body)
    {
        if (!ReferenceEquals(output, Console.Out))
        {
            output.WriteLine(Encoding.UTF8.GetString(body));
            return;
        }

        using var stream = Console.OpenStandardOutput();
        stream.Write(body);
        stream.Write("\n"u8);
    }

    private static void Append(StringBuilder query, string name, string? value)
    {
        if (value is not null)
        {
            query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }

    private static void Print(ParseResult parsed, byte[] body, Func<JsonElement, TextTable> table)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(Output) == "json")
        {
            WriteJson(output, body);
            return;
        }

        using var document = JsonDocument.Parse(body);
        table(document.RootElement).WriteTo(output);
    }
}
