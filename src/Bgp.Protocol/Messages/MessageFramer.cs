using System.Buffers;

namespace Bgp.Protocol;

/// <summary>
/// Cuts a byte stream into messages. In: what the transport has read so far. Out: whole messages, in order, or the error that ends the
/// session. Called by a session's reader. The header is checked as soon as its 19 octets are there, so that no length a peer claims is
/// waited for unless it is allowed (RFC 4271 §6.1, RFC 8654 §4).
/// </summary>
public static class MessageFramer
{
    /// <summary>Takes one whole message off <paramref name="buffer"/>; leaves it untouched unless the result is <see cref="FrameResult.Complete"/>.</summary>
    public static FrameResult TryRead(ref ReadOnlySequence<byte> buffer, int maxMessageLength, out MessageFrame frame, out BgpError error)
    {
        frame = default;
        error = BgpError.None;
        var available = buffer.Length;
        if (available < BgpConstants.HeaderLength)
        {
            return FrameResult.Incomplete;
        }

        Span<byte> copy = stackalloc byte[BgpConstants.HeaderLength];
        scoped var header = buffer.FirstSpan;
        if (header.Length < BgpConstants.HeaderLength)
        {
            buffer.Slice(0, BgpConstants.HeaderLength).CopyTo(copy);
            header = copy;
        }

        if (!MessageHeader.TryRead(header, maxMessageLength, out var type, out var length, out error))
        {
            return FrameResult.Malformed;
        }

        if (available < length)
        {
            return FrameResult.Incomplete;
        }

        var end = buffer.GetPosition(length);
        frame = new MessageFrame(type, buffer.Slice(0, end));
        buffer = buffer.Slice(end);
        return FrameResult.Complete;
    }
}
