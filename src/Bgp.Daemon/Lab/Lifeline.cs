using Bgp.Linux;

namespace Bgp.Daemon;

/// <summary>
/// Ties a daemon's life to the process that started it: the starter holds the other end of our standard input, and when that ends, however the starter died, so do we. (The kernel's own
/// means, PR_SET_PDEATHSIG, looks at the thread that started us, and that one ends at once.)
/// </summary>
internal static class Lifeline
{
    /// <summary>Set to <see cref="StandardInput"/> in the environment of a daemon that shall not outlive its starter.</summary>
    public const string Variable = "BGP_LIFELINE";

    public const string StandardInput = "stdin";

    /// <summary>Begins to watch, where the environment asks for it.</summary>
    public static void Attach()
    {
        if (Environment.GetEnvironmentVariable(Variable) != StandardInput)
        {
            return;
        }

        new Thread(Watch) { Name = "lifeline", IsBackground = true }.Start();
    }

    private static void Watch()
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[64];
        while (input.Read(ignored) > 0)
        {
        }

        ProcessIdentity.Current.Signal(UnixSignal.Kill);
    }
}
