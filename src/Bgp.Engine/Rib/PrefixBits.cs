using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>The address bits of one family's prefixes, so that one table type serves both families with keys of 4 and 16 bytes.</summary>
internal interface IPrefixBits<TSelf> : IEquatable<TSelf>
    where TSelf : unmanaged, IPrefixBits<TSelf>
{
    static abstract AddressFamily Family { get; }

    static abstract TSelf From(in IpPrefix prefix);

    static abstract IpAddress ToAddress(in TSelf bits);

    static abstract ulong Hash(in TSelf bits, int length, ulong seed);
}

internal readonly record struct Ipv4Bits(uint Value) : IPrefixBits<Ipv4Bits>
{
    public static AddressFamily Family => AddressFamily.Ipv4Unicast;

    public static Ipv4Bits From(in IpPrefix prefix) => new(prefix.Address.V4Bits);

    public static IpAddress ToAddress(in Ipv4Bits bits) => IpAddress.V4(bits.Value);

    public static ulong Hash(in Ipv4Bits bits, int length, ulong seed) => SeededHash.Of(seed, bits.Value, (ulong)length);
}

internal readonly record struct Ipv6Bits(ulong High, ulong Low) : IPrefixBits<Ipv6Bits>
{
    public static AddressFamily Family => AddressFamily.Ipv6Unicast;

    public static Ipv6Bits From(in IpPrefix prefix) => new(prefix.Address.High, prefix.Address.Low);

    public static IpAddress ToAddress(in Ipv6Bits bits) => IpAddress.V6(bits.High, bits.Low);

    public static ulong Hash(in Ipv6Bits bits, int length, ulong seed) => SeededHash.Of(seed, bits.High, SeededHash.Of(seed, bits.Low, (ulong)length));
}
