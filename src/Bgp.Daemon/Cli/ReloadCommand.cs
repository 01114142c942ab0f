using System.CommandLine;

namespace Bgp.Daemon;

/// <summary><c>bgp reload</c></summary>
internal static class ReloadCommand
{
    public static Command Create()
    {
        var socket = SocketOption.Create();
        var output = DifferenceOutput.CreateOption();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would happen to each neighbor." };
        var command = new Command(
            "reload",
            "Have the daemon read its router file again, and say what that did to each neighbor; a file with a fault changes nothing.\n\nExample: bgp reload --dry-run")
        {
            dryRun, socket, output,
        };
        command.SetAction(async parsed =>
        {
            var path = parsed.GetValue(dryRun) ? ControlPaths.ReloadDryRun : ControlPaths.Reload;
            var body = await SocketOption.Client(parsed, socket).PostAsync(path).ConfigureAwait(false);
            DifferenceOutput.Print(parsed.InvocationConfiguration.Output, body, parsed.GetValue(output) == "json");
            return ExitCodes.Done;
        });
        return command;
    }
}
