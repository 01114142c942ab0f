namespace Bgp.Engine;

/// <summary>
/// Whole UPDATE messages of one session, headers included, one after the other. Owner: the reader that fills it, then by <see cref="Speaker.Post(UpdateBatch)"/> the route lane,
/// which gives it back by <see cref="ITransport.Return"/>. Whoever does not own it must not touch it.
/// </summary>
public sealed class UpdateBatch
{
    /// <summary>Room for at least one extended message (RFC 8654).</summary>
    public const int Capacity = 65535;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(Capacity);

    public PeerId Peer { get; private set; }

    public SessionGeneration Generation { get; private set; }

    /// <summary>Bytes in use.</summary>
    public int Length { get; private set; }

    public int MessageCount { get; private set; }

    public int Free => Capacity - Length;

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    /// <summary>Starts a new filling for one session.</summary>
    public void Reset(PeerId peer, SessionGeneration generation)
    {
        Peer = peer;
        Generation = generation;
        Length = 0;
        MessageCount = 0;
    }

    /// <summary>Room for one message of <paramref name="length"/> bytes, which the caller fills at once; the caller has checked <see cref="Free"/>.</summary>
    public Span<byte> Append(int length)
    {
        var span = _buffer.AsSpan(Length, length);
        Length += length;
        MessageCount++;
        return span;
    }
}
