using System.Buffers;


namespace Bgp.Fuzzing;

/// <summary>Bytes as a sequence of segments, as a pipe hands them out.</summary>
internal sealed class SplitSequence : ReadOnlySequenceSegment<byte>
{
    private SplitSequence(ReadOnlyMemory<byte> memory, long runningIndex)
    {
        Memory = memory;
        RunningIndex = runningIndex;
    }

    public static ReadOnlySequence<byte> Create(params ReadOnlySpan<byte[]> parts)
    {
        var first = new SplitSequence(parts[0], 0);
        var last = first;
        foreach (var part in parts[1..])
        {
            var next = new SplitSequence(part, last.RunningIndex + last.Memory.Length);
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>Two segments, of which the first has <paramref name="at"/> octets.</summary>
    public static ReadOnlySequence<byte> At(byte[] bytes, int at)
    {
        var first = new SplitSequence(bytes.AsMemory(0, at), 0);
        var last = new SplitSequence(bytes.AsMemory(at), at);
        first.Next = last;
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>Each byte a segment of its own.</summary>
    public static ReadOnlySequence<byte> Shred(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        var parts = new byte[bytes.Length][];
        for (var i = 0; i < bytes.Length; i++)
        {
            parts[i] = [bytes[i]];
        }

        return Create(parts);
    }
}
