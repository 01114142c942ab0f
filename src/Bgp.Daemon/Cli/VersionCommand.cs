using System.CommandLine;

namespace Bgp.Daemon;

/// <summary><c>bgp version</c></summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Print version, commit and runtime.\n\nExample: bgp version");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine($"bgp {ProgramVersion.Number}, commit {ProgramVersion.Commit}, {ProgramVersion.Runtime}"));
        return command;
    }
}
