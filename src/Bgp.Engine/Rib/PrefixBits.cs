using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>The address bits of one family's prefixes, so that one table type serves both families with keys of 4 and 16 bytes.</summary>
internal interface IPrefixBits<TSelf> : IEquatable<TSelf>
    where TSelf : unmanaged, IPrefixBits<TSelf>
{
    static abstract AddressFamily Family { get; }

    static abstract TSelf From(in IpPrefix prefix);

    static abstract IpAddress ToAddress(in TSelf bits);

    static abstract ulong Hash(in TSelf bits, int length, SeededHash hash);

    /// <summary>The next prefix of an NLRI field of this family.</summary>
    static abstract bool TryRead(ref NlriReader reader, out TSelf bits, out byte length, out PathId pathId);

    /// <summary>Adds a prefix to a message; false when that is full.</summary>
    static abstract bool TryAdd(ref UpdateBuilder builder, in TSelf bits, byte length, PathId pathId);
}

internal readonly record struct Ipv4Bits(uint Value) : IPrefixBits<Ipv4Bits>
{
    public static AddressFamily Family => AddressFamily.Ipv4Unicast;

    public static Ipv4Bits From(in IpPrefix prefix) => new(prefix.Address.V4Bits);

    public static IpAddress ToAddress(in Ipv4Bits bits) => IpAddress.V4(bits.Value);

    public static ulong Hash(in Ipv4Bits bits, int length, SeededHash hash) => hash.Of(((ulong)bits.Value << 8) | (uint)length);

    public static bool TryRead(ref NlriReader reader, out Ipv4Bits bits, out byte length, out PathId pathId)
    {
        var isRead = reader.TryReadV4(out var value, out length, out pathId);
        bits = new Ipv4Bits(value);
        return isRead;
    }

    public static bool TryAdd(ref UpdateBuilder builder, in Ipv4Bits bits, byte length, PathId pathId) => builder.TryAddV4(bits.Value, length, pathId);
}

internal readonly record struct Ipv6Bits(ulong High, ulong Low) : IPrefixBits<Ipv6Bits>
{
    public static AddressFamily Family => AddressFamily.Ipv6Unicast;

    public static Ipv6Bits From(in IpPrefix prefix) => new(prefix.Address.High, prefix.Address.Low);

    public static IpAddress ToAddress(in Ipv6Bits bits) => IpAddress.V6(bits.High, bits.Low);

    public static ulong Hash(in Ipv6Bits bits, int length, SeededHash hash) => hash.Of(bits.High, bits.Low, (uint)length);

    public static bool TryRead(ref NlriReader reader, out Ipv6Bits bits, out byte length, out PathId pathId)
    {
        var isRead = reader.TryReadV6(out var high, out var low, out length, out pathId);
        bits = new Ipv6Bits(high, low);
        return isRead;
    }

    public static bool TryAdd(ref UpdateBuilder builder, in Ipv6Bits bits, byte length, PathId pathId) => builder.TryAddV6(bits.High, bits.Low, length, pathId);
}
