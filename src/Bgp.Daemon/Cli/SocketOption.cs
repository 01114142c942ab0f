using System.CommandLine;

namespace Bgp.Daemon;

/// <summary><c>--socket PATH</c>, else <c>BGP_SOCKET</c>, else <see cref="ControlPaths.DefaultSocket"/>.</summary>
internal static class SocketOption
{
    public const string Variable = "BGP_SOCKET";

    public static Option<string> Create() => new("--socket")
    {
        Description = $"The daemon's control socket; without it {Variable}, else {ControlPaths.DefaultSocket}.",
        HelpName = "PATH",
        Recursive = true,
    };

    public static ControlClient Client(ParseResult parsed, Option<string> socket)
    {
        var path = parsed.GetValue(socket);
        if (string.IsNullOrEmpty(path))
        {
            path = Environment.GetEnvironmentVariable(Variable);
        }

        return new ControlClient(string.IsNullOrEmpty(path) ? ControlPaths.DefaultSocket : path);
    }
}
