using System.Runtime.InteropServices;
using System.Text;
using Bgp.Protocol;

namespace Bgp.Linux;

/// <summary>Walks attributes {len16, type16, value}. A length that does not fit ends the walk. Values of an unexpected length read as 0 or none.</summary>
internal ref struct NetlinkAttributeReader(ReadOnlySpan<byte> attributes)
{
    private const ushort TypeMask = 0x3fff;

    private ReadOnlySpan<byte> _rest = attributes;

    /// <summary>The type without the flags "nested" and "network byte order".</summary>
    public ushort Type { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Moves to the next attribute; false at the end.</summary>
    public bool Read()
    {
        if (_rest.Length < 4)
        {
            return false;
        }

        var length = MemoryMarshal.Read<ushort>(_rest);
        if (length < 4 || length > _rest.Length)
        {
            _rest = default;
            return false;
        }

        Type = (ushort)(MemoryMarshal.Read<ushort>(_rest[2..]) & TypeMask);
        Value = _rest[4..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }

    public readonly byte AsByte() => Value.Length >= 1 ? Value[0] : (byte)0;

    public readonly uint AsUInt32() => Value.Length >= 4 ? MemoryMarshal.Read<uint>(Value) : 0;

    public readonly int AsInt32() => (int)AsUInt32();

    public readonly IpAddress AsAddress() => Value.Length is 4 or 16 ? IpAddress.FromBytes(Value) : IpAddress.None;

    /// <summary>An address with its family before it: RTA_VIA.</summary>
    public readonly IpAddress AsVia() => Value.Length is 6 or 18 ? IpAddress.FromBytes(Value[2..]) : IpAddress.None;

    /// <summary>A string up to its closing zero.</summary>
    public readonly string AsString()
    {
        var zero = Value.IndexOf((byte)0);
        return Encoding.UTF8.GetString(zero < 0 ? Value : Value[..zero]);
    }

    public readonly NetlinkAttributeReader AsNested() => new(Value);
}
