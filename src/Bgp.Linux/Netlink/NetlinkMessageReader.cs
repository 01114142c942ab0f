using System.Runtime.InteropServices;

namespace Bgp.Linux;

/// <summary>Walks the messages of one datagram from the kernel. A length that does not fit ends the walk; nothing is read past the buffer.</summary>
internal ref struct NetlinkMessageReader(ReadOnlySpan<byte> datagram)
{
    private ReadOnlySpan<byte> _rest = datagram;

    public ushort Type { get; private set; }

    public ushort Flags { get; private set; }

    public uint Sequence { get; private set; }

    /// <summary>For an event: the port of the socket whose request made it; 0 when the kernel did it by itself.</summary>
    public uint PortId { get; private set; }

    /// <summary>What follows the header of 16 bytes.</summary>
    public ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary>Moves to the next message; false at the end.</summary>
    public bool Read()
    {
        if (_rest.Length < NetlinkMessageWriter.HeaderLength)
        {
            return false;
        }

        var length = MemoryMarshal.Read<uint>(_rest);
        if (length < NetlinkMessageWriter.HeaderLength || length > (uint)_rest.Length)
        {
            _rest = default;
            return false;
        }

        Type = MemoryMarshal.Read<ushort>(_rest[4..]);
        Flags = MemoryMarshal.Read<ushort>(_rest[6..]);
        Sequence = MemoryMarshal.Read<uint>(_rest[8..]);
        PortId = MemoryMarshal.Read<uint>(_rest[12..]);
        Payload = _rest[NetlinkMessageWriter.HeaderLength..(int)length];
        _rest = _rest[Math.Min(((int)length + 3) & ~3, _rest.Length)..];
        return true;
    }

    /// <summary>The attributes behind a fixed structure; none where the payload is shorter than it.</summary>
    public readonly NetlinkAttributeReader Attributes(int structureLength)
    {
        var padded = (structureLength + 3) & ~3;
        return new(Payload.Length >= padded ? Payload[padded..] : default);
    }

    /// <summary>The fixed structure at the payload's start; false where the payload is too short for it.</summary>
    public readonly bool TryStructure<T>(out T structure)
        where T : unmanaged => MemoryMarshal.TryRead(Payload, out structure);
}
