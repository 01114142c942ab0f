namespace Bgp.Interop.Tests;

/// <summary>
/// Our own program: the published one that the environment variable BGP_PROGRAM names, as <c>tests/run</c> has it, else the one that was built for these tests.
/// </summary>
internal static class OwnProgram
{
    private static readonly string[] Launch = Environment.GetEnvironmentVariable("BGP_PROGRAM") is { Length: > 0 } published
        ? [published]
        : ["dotnet", Path.Combine(AppContext.BaseDirectory, "bgp.dll")];

    public static ChildProcess Start(NetworkNamespace place, params IEnumerable<string> arguments) => place.Start(Launch[0], After(arguments));

    public static string Run(params IEnumerable<string> arguments) => Command.Run(Launch[0], After(arguments));

    public static (int ExitCode, string Output, string Error) Try(params IEnumerable<string> arguments) => Command.Try(Launch[0], After(arguments));

    private static IEnumerable<string> After(IEnumerable<string> arguments) => [.. Launch.Skip(1), .. arguments];
}
