using System.Runtime.InteropServices;

namespace Bgp.Linux;

/// <summary>NLMSG_ERROR or NLMSG_DONE decoded: the kernel's answer to one request. <see cref="Errno.None"/> is an ACK.</summary>
internal readonly record struct NetlinkReply(uint Sequence, Errno Errno, string? KernelText)
{
    private const ushort MessageAttribute = 1;

    /// <summary>Reads the message at which <paramref name="reader"/> stands, which is of type Error or Done.</summary>
    public static NetlinkReply Decode(in NetlinkMessageReader reader)
    {
        if (!MemoryMarshal.TryRead(reader.Payload, out int error))
        {
            return new(reader.Sequence, Errno.None, null);
        }

        string? text = null;
        if (error != 0 && (reader.Flags & NetlinkFlags.AckAttributes) != 0)
        {
            var attributes = reader.Attributes(reader.Type == NetlinkType.Error ? 4 + EchoLength(reader) : 4);
            while (attributes.Read())
            {
                if (attributes.Type == MessageAttribute)
                {
                    text = attributes.AsString();
                }
            }
        }

        return new(reader.Sequence, (Errno)(-error), text);
    }

    /// <summary>The length of our own message inside the answer: its header alone, or all of it on a kernel that does not cap.</summary>
    private static int EchoLength(in NetlinkMessageReader reader) =>
        (reader.Flags & NetlinkFlags.Capped) == 0 && MemoryMarshal.TryRead(reader.Payload[4..], out uint length) && length <= (uint)reader.Payload.Length
            ? (int)length
            : NetlinkMessageWriter.HeaderLength;
}
