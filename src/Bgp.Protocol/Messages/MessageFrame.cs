using System.Buffers;

namespace Bgp.Protocol;

/// <summary>A message with a valid header. The sequence is a slice of the reader's buffer and lives as long as that does.</summary>
/// <param name="Type">The message's type.</param>
/// <param name="Message">The whole message, header included.</param>
public readonly record struct MessageFrame(MessageType Type, ReadOnlySequence<byte> Message)
{
    /// <summary>The octets after the header.</summary>
    public ReadOnlySequence<byte> Body => Message.Slice(BgpConstants.HeaderLength);
}
