using System.Runtime.InteropServices;
using System.Text;
using Bgp.Protocol;

namespace Bgp.Linux;

/// <summary>
/// Writes netlink messages one behind the other into a caller's buffer: a header of 16 bytes, a fixed structure, attributes {len16, type16,
/// value} padded to 4. Lengths are patched when a message or nest ends. All numbers are in host order, addresses in network order. Mirrors
/// <see cref="NetlinkMessageReader"/> and <see cref="NetlinkAttributeReader"/>. Allocates nothing.
/// </summary>
/// <remarks>The caller sees to it that the buffer is large enough; running over its end throws, because it is a bug.</remarks>
internal ref struct NetlinkMessageWriter(Span<byte> buffer)
{
    public const int HeaderLength = 16;

    private readonly Span<byte> _buffer = buffer;
    private int _messageStart = -1;

    /// <summary>How many bytes are written; a multiple of 4.</summary>
    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    /// <summary>Starts a message; <see cref="EndMessage"/> ends it.</summary>
    public void BeginMessage(ushort type, ushort flags, uint sequence)
    {
        _messageStart = Length;
        var header = Reserve(HeaderLength);
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], flags);
        MemoryMarshal.Write(header[8..], sequence);
        MemoryMarshal.Write(header[12..], 0u);
    }

    public void EndMessage()
    {
        MemoryMarshal.Write(_buffer[_messageStart..], (uint)(Length - _messageStart));
        _messageStart = -1;
    }

    /// <summary>Writes a fixed structure, padded to 4 bytes.</summary>
    public void Structure<T>(in T value)
        where T : unmanaged
    {
        var size = Marshal.SizeOf<T>();
        MemoryMarshal.Write(Reserve(size), value);
    }

    public void Attribute(ushort type) => Reserve(type, 0);

    public void Attribute(ushort type, byte value) => Reserve(type, 1)[0] = value;

    public void Attribute(ushort type, uint value) => MemoryMarshal.Write(Reserve(type, 4), value);

    public void Attribute(ushort type, int value) => MemoryMarshal.Write(Reserve(type, 4), value);

    public void Attribute(ushort type, ReadOnlySpan<byte> value) => value.CopyTo(Reserve(type, value.Length));

    /// <summary>An address of 4 or 16 bytes.</summary>
    public void Attribute(ushort type, IpAddress address) => address.WriteTo(Reserve(type, address.ByteLength));

    /// <summary>A string with its closing zero.</summary>
    public void Attribute(ushort type, string text)
    {
        var value = Reserve(type, Encoding.UTF8.GetByteCount(text) + 1);
        Encoding.UTF8.GetBytes(text, value);
    }

    /// <summary>An address of the other family: RTA_VIA, {family16, address}.</summary>
    public void Via(ushort type, IpAddress address)
    {
        var value = Reserve(type, 2 + address.ByteLength);
        MemoryMarshal.Write(value, (ushort)AddressFamilies.Of(address));
        address.WriteTo(value[2..]);
    }

    /// <summary>Starts an attribute that holds others; the answer goes to <see cref="EndNested"/>.</summary>
    public int BeginNested(ushort type)
    {
        var start = Length;
        Reserve(type, 0);
        return start;
    }

    /// <summary>Ends an attribute, or anything else that starts with its own length of 16 bits (struct rtnexthop).</summary>
    public readonly void EndNested(int start) => MemoryMarshal.Write(_buffer[start..], checked((ushort)(Length - start)));

    private Span<byte> Reserve(ushort type, int valueLength)
    {
        var attribute = Reserve(4 + valueLength);
        MemoryMarshal.Write(attribute, checked((ushort)(4 + valueLength)));
        MemoryMarshal.Write(attribute[2..], type);
        return attribute[4..(4 + valueLength)];
    }

    private Span<byte> Reserve(int length)
    {
        var padded = (length + 3) & ~3;
        var reserved = _buffer.Slice(Length, padded);
        reserved.Clear();
        Length += padded;
        return reserved;
    }
}
