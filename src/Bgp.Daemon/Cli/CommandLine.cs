using System.CommandLine;

namespace Bgp.Daemon;

/// <summary>
/// The command line: arguments in, exit code out. Each command is one class that parses, asks the daemon or runs it, and prints. Whatever is wrong is one plain line on standard error.
/// Signals are each command's own business: <c>run</c> hears them all, and the others die of them.
/// </summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors)
    {
        var parsed = CreateRoot().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await errors.WriteLineAsync($"bgp: {OneLine(error.Message)}").ConfigureAwait(false);
            }

            if (IsWithoutCommand(parsed))
            {
                await CreateRoot().Parse([.. arguments, "--help"]).InvokeAsync(new InvocationConfiguration { Output = errors, Error = errors }).ConfigureAwait(false);
                return ExitCodes.Wrong;
            }

            await errors.WriteLineAsync($"bgp: see {Path(parsed)} --help").ConfigureAwait(false);
            return ExitCodes.Wrong;
        }

        var invocation = new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return await parsed.InvokeAsync(invocation).ConfigureAwait(false);
        }
        catch (CommandException failure)
        {
            await errors.WriteLineAsync($"bgp: {failure.Message}").ConfigureAwait(false);
            return failure.ExitCode;
        }
    }

    internal static RootCommand CreateRoot() =>
        new("A BGP-4 routing daemon, and the commands that ask it.\n\nExample: bgp run --config /etc/bgp/router.yaml")
        {
            RunCommand.Create(),
            CheckCommand.Create(),
            ShowCommand.Create(),
            NeighborCommand.Create(),
            ReloadCommand.Create(),
            StopCommand.Create(),
            LabCommand.Create(),
            VersionCommand.Create(),
        };

    /// <summary>The parser lists what would be right on lines of their own.</summary>
    private static string OneLine(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 1 ? lines[0].TrimEnd('.') : $"{lines[0]} {string.Join(", ", lines[1..])}";
    }

    /// <summary>Whether nothing more is wrong than that a command of commands, such as <c>bgp show</c>, was not told which: then its help is the answer.</summary>
    private static bool IsWithoutCommand(ParseResult parsed) =>
        parsed.CommandResult.Command is not RootCommand and { Subcommands.Count: > 0, Action: null } && parsed is { UnmatchedTokens.Count: 0, Errors.Count: 1 };

    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Insert(0, result.Command is RootCommand ? "bgp" : result.Command.Name);
        }

        return string.Join(' ', names);
    }
}
