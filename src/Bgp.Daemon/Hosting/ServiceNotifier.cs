using System.Net.Sockets;
using System.Text;

namespace Bgp.Daemon;

/// <summary>Tells a service manager that waits for it (sd_notify: one datagram to $NOTIFY_SOCKET) how the daemon is.</summary>
internal static class ServiceNotifier
{
    public static void Ready() => Notify("READY=1");

    public static void Stopping() => Notify("STOPPING=1");

    private static void Notify(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } path)
        {
            return;
        }

        // A leading @ is the abstract namespace, whose names begin with a zero byte.
        var endpoint = new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.SendTo(Encoding.UTF8.GetBytes(state), endpoint);
        }
        catch (SocketException)
        {
            // Whoever asked to be told is gone; that is no trouble of a router.
        }
    }
}
