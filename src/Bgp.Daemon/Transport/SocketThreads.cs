using System.Globalization;

namespace Bgp.Daemon;

/// <summary>
/// The runtime's threads that hear of sockets. What waited for a socket goes on there and then: to hand a small message to a worker of the pool costs more than the message. It must not block,
/// since it keeps the other sockets of its thread waiting; readers wait for credit and transmitters for the peer's window, and both leave the thread for that.
/// </summary>
internal static class SocketThreads
{
    // The runtime takes both from the environment alone, when it makes its first socket.
    private const string GoesOnAtOnce = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string Count = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";
    private const int MaxCount = 8;

    /// <summary>To be called before the first socket is made. What the environment says already holds.</summary>
    public static void Configure()
    {
        Default(GoesOnAtOnce, "1");

        // The lanes and the kernel's writer want the other processors.
        Default(Count, Math.Clamp(Environment.ProcessorCount / 2, 1, MaxCount).ToString(CultureInfo.InvariantCulture));
    }

    private static void Default(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is null)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
