using System.Net.Sockets;

namespace Bgp.Daemon;

/// <summary>Why a loop of a connection ended.</summary>
/// <param name="Text">For people; <c>null</c> when the connection goes on being closed by us.</param>
internal readonly record struct LoopEnd(string? Text)
{
    /// <summary>We asked for it, or are done.</summary>
    public static readonly LoopEnd Asked;

    /// <summary>The bytes make no sense; the session lane was told and will close.</summary>
    public static readonly LoopEnd Malformed = new(null);

    public static readonly LoopEnd PeerClosed = new("the peer closed the connection");

    public static readonly LoopEnd PeerClosedWithinMessage = new("the peer closed the connection within a message");

    /// <summary>The connection is of no use any more, for a reason that the session lane has to hear.</summary>
    public bool IsLost => Text is not null;

    public static LoopEnd Failed(SocketException reason) => new(reason.Message);
}
