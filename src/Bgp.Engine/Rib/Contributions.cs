namespace Bgp.Engine;

/// <summary>
/// To which aggregates each destination of a family is counted, in unmanaged memory: of the aggregates that cover a destination there is at most one of each length, so a bit for each length
/// names them. Beside them the ORIGIN that it was counted with. One word of bits for IPv4, four for IPv6; nothing where there are no aggregates.
/// </summary>
internal sealed class Contributions(int addressBits) : IDisposable
{
    private const int WordBits = 32;

    private readonly uint _words = (uint)(addressBits / WordBits);
    private readonly IndexedArray<uint> _lengths = new();
    private readonly IndexedArray<byte> _origins = new();

    public bool Contains(uint destination, int length) => (_lengths.Get(WordOf(destination, length)) & Bit(length)) != 0;

    public void Set(uint destination, int length, bool isCounted)
    {
        ref var word = ref _lengths.Slot(WordOf(destination, length));
        word = isCounted ? word | Bit(length) : word & ~Bit(length);
    }

    public byte Origin(uint destination) => _origins.Get(destination);

    public void SetOrigin(uint destination, byte origin)
    {
        if (_origins.Get(destination) != origin)
        {
            _origins.Slot(destination) = origin;
        }
    }

    public void Dispose()
    {
        _lengths.Dispose();
        _origins.Dispose();
    }

    private uint WordOf(uint destination, int length) => (destination * _words) + (uint)(length / WordBits);

    private static uint Bit(int length) => 1u << (length % WordBits);
}
