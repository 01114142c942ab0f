using System.CommandLine;

namespace Bgp.Daemon;

/// <summary><c>bgp reload</c></summary>
internal static class ReloadCommand
{
    public static Command Create()
    {
        var socket = SocketOption.Create();
        var command = new Command("reload", "Have the daemon read its router file again; a file with a fault changes nothing.\n\nExample: bgp reload") { socket };
        command.SetAction(async parsed =>
        {
            await SocketOption.Client(parsed, socket).PostAsync(ControlPaths.Reload).ConfigureAwait(false);
            return ExitCodes.Done;
        });
        return command;
    }
}
