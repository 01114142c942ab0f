using System.CommandLine;
using Bgp.Config;

namespace Bgp.Daemon;

/// <summary><c>bgp check FILE…</c>: silent when all is well, else a line a fault. With <c>--against-running</c>, what a reload of the file would do.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Router files.", Arity = ArgumentArity.OneOrMore };
        var running = new Option<bool>("--against-running") { Description = "Say what would happen to each neighbor if the daemon ran this file; nothing is changed." };
        var socket = SocketOption.Create();
        var output = DifferenceOutput.CreateOption();
        var command = new Command(
            "check",
            "Validate router files: silent when they are right, else a line for each fault.\n\nExample: bgp check router.yaml\nExample: bgp check router.yaml --against-running")
        {
            files, running, socket, output,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(running) && result.GetValue(files) is { Length: > 1 })
            {
                result.AddError("--against-running takes one file");
            }
        });
        command.SetAction(async parsed =>
        {
            var exitCode = ExitCodes.Done;
            foreach (var fault in parsed.GetRequiredValue(files).SelectMany(file => RouterConfigFile.Load(file).Faults))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(fault.ToString()).ConfigureAwait(false);
                exitCode = ExitCodes.Wrong;
            }

            if (exitCode == ExitCodes.Done && parsed.GetValue(running))
            {
                var body = await CompareAsync(SocketOption.Client(parsed, socket), parsed.GetRequiredValue(files)[0]).ConfigureAwait(false);
                DifferenceOutput.Print(parsed.InvocationConfiguration.Output, body, parsed.GetValue(output) == "json");
            }

            return exitCode;
        });
        return command;
    }

    /// <summary>The daemon compares, since it alone has the running keys: the file goes to it, and no value of a field comes back.</summary>
    private static async Task<byte[]> CompareAsync(ControlClient client, string file)
    {
        byte[] text;
        try
        {
            text = await File.ReadAllBytesAsync(file).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCodes.Wrong, $"{file}: {FileWords.WhyUnread(file, failure)}");
        }

        return await client.PostAsync($"{ControlPaths.ReloadDryRun}&file={Uri.EscapeDataString(Path.GetFullPath(file))}", text).ConfigureAwait(false);
    }
}
