using System.CommandLine;
using System.Diagnostics;

namespace Bgp.Daemon;

/// <summary><c>bgp stop [--flush]</c>: returns when the daemon has gone.</summary>
internal static class StopCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public static Command Create()
    {
        var socket = SocketOption.Create();
        var flush = new Option<bool>("--flush") { Description = "Remove the kernel routes too." };
        var command = new Command("stop", "Take leave of every neighbor and end the daemon.\n\nExample: bgp stop --flush") { socket, flush };
        command.SetAction(async parsed =>
        {
            var client = SocketOption.Client(parsed, socket);
            await client.PostAsync(ControlPaths.Stop + (parsed.GetValue(flush) ? "?flush=true" : "")).ConfigureAwait(false);
            var start = Stopwatch.GetTimestamp();
            while (await client.IsServedAsync().ConfigureAwait(false))
            {
                if (Stopwatch.GetElapsedTime(start) > Patience)
                {
                    throw new CommandException(ExitCodes.Failed, "the daemon was told to stop and still runs");
                }

                await Task.Delay(Poll).ConfigureAwait(false);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
