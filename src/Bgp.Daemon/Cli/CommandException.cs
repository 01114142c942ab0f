namespace Bgp.Daemon;

/// <summary>A command that cannot be carried out: one plain line for the user, and the exit code.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
