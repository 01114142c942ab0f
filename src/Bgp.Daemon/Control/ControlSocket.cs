using System.Net.Sockets;

namespace Bgp.Daemon;

/// <summary>The Unix socket on which the daemon is asked: for its owner only, and never two daemons on one path.</summary>
internal static class ControlSocket
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = OwnerOnly | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>A bound socket of mode 0600 that does not listen yet, so that nobody connects before the mode is set. The folder is made; what a dead daemon left is removed.</summary>
    /// <exception cref="SocketException">Another daemon answers on the path, or it cannot be bound.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static Socket Bind(string path)
    {
        var endpoint = new UnixDomainSocketEndPoint(Path.GetFullPath(path));
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder, FolderMode);
        }

        RemoveStale(endpoint, path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(endpoint);
            File.SetUnixFileMode(path, OwnerOnly);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static void RemoveStale(UnixDomainSocketEndPoint endpoint, string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(endpoint);
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }

        throw new SocketException((int)SocketError.AddressAlreadyInUse, "another daemon answers there");
    }
}
