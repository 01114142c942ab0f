using System.Buffers;

namespace Bgp.Simulation;

/// <summary>What a reader took from its socket and has not consumed yet, in the pieces in which it came, so that the framer meets messages in several segments.</summary>
internal sealed class SimPipe
{
    private Piece _head = new([], 0);
    private Piece _tail;
    private int _offset;

    public SimPipe()
    {
        _tail = _head;
    }

    public ReadOnlySequence<byte> Unconsumed => new(_head, _offset, _tail, _tail.Memory.Length);

    public void Append(byte[] bytes)
    {
        var piece = new Piece(bytes, _tail.RunningIndex + _tail.Memory.Length);
        _tail.Attach(piece);
        _tail = piece;
    }

    /// <summary>Consumes up to the start of <paramref name="rest"/>, a slice of <see cref="Unconsumed"/>.</summary>
    public void ConsumeTo(in ReadOnlySequence<byte> rest)
    {
        _head = (Piece)rest.Start.GetObject()!;
        _offset = rest.Start.GetInteger();
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes, long index)
        {
            Memory = bytes;
            RunningIndex = index;
        }

        public void Attach(Piece next) => Next = next;
    }
}
