using System.CommandLine;

namespace Bgp.Daemon;

/// <summary><c>bgp run --config FILE</c></summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config", "-c") { Description = "The router file.", HelpName = "FILE", Required = true };
        var command = new Command("run", "Run the daemon in the foreground.\n\nExample: bgp run --config /etc/bgp/router.yaml") { config };
        command.SetAction(parsed =>
        {
            SocketThreads.Configure();
            Lifeline.Attach();
            return DaemonHost.RunAsync(parsed.GetRequiredValue(config), parsed.InvocationConfiguration.Error);
        });
        return command;
    }
}
