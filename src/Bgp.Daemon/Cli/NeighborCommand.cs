using System.CommandLine;

namespace Bgp.Daemon;

/// <summary><c>bgp neighbor ADDR reset|refresh|enable|disable [-m TEXT]</c></summary>
internal static class NeighborCommand
{
    public static Command Create()
    {
        var socket = SocketOption.Create();
        var address = new Argument<string>("ADDR") { Description = "The neighbor's address, with its zone if link-local, or its name." };
        var action = new Argument<string>("ACTION")
        {
            Description = "reset: close the session and open it anew; refresh: ask for its routes again; disable and enable: take the session down, and up again.",
        };
        action.AcceptOnlyFromAmong("reset", "refresh", "enable", "disable");
        var message = new Option<string>("--message", "-m") { Description = "A word for the neighbor's operator, with reset and disable (RFC 9003).", HelpName = "TEXT" };
        var command = new Command("neighbor", "Act on one neighbor.\n\nExample: bgp neighbor 10.0.0.2 disable -m \"maintenance until noon\"")
        {
            address, action, message, socket,
        };
        command.SetAction(async parsed =>
        {
            var (what, text) = (parsed.GetRequiredValue(action), parsed.GetValue(message));
            if (text is not null && what is not ("reset" or "disable"))
            {
                throw new CommandException(ExitCodes.Wrong, $"a message goes with reset and disable, not with {what}");
            }

            var path = $"{ControlPaths.Neighbors}/{Uri.EscapeDataString(parsed.GetRequiredValue(address))}/{what}";
            await SocketOption.Client(parsed, socket).PostAsync(text is null ? path : $"{path}?message={Uri.EscapeDataString(text)}").ConfigureAwait(false);
            return ExitCodes.Done;
        });
        return command;
    }
}
