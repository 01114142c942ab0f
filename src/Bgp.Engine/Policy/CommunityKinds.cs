using System.Buffers.Binary;
using Bgp.Protocol;

namespace Bgp.Engine;

/// <summary>One of the community attributes: how its members stand in a set.</summary>
internal interface ICommunityKind<T>
{
    static abstract AttributeType Type { get; }

    /// <summary>Octets of a member.</summary>
    static abstract int Length { get; }

    static abstract T Read(ReadOnlySpan<byte> value);

    static abstract void Write(T community, Span<byte> destination);

    /// <summary>Sorts members in place, each once; returns the length.</summary>
    static abstract int Normalize(Span<byte> value);
}

/// <summary>RFC 1997.</summary>
internal readonly struct StandardCommunities : ICommunityKind<Community>
{
    public static AttributeType Type => AttributeType.Communities;

    public static int Length => 4;

    public static Community Read(ReadOnlySpan<byte> value) => new(BinaryPrimitives.ReadUInt32BigEndian(value));

    public static void Write(Community community, Span<byte> destination) => BinaryPrimitives.WriteUInt32BigEndian(destination, community.Value);

    public static int Normalize(Span<byte> value) => CommunityLists.Normalize(value);
}

/// <summary>RFC 4360.</summary>
internal readonly struct ExtendedCommunities : ICommunityKind<ExtendedCommunity>
{
    public static AttributeType Type => AttributeType.ExtendedCommunities;

    public static int Length => 8;

    public static ExtendedCommunity Read(ReadOnlySpan<byte> value) => new(BinaryPrimitives.ReadUInt64BigEndian(value));

    public static void Write(ExtendedCommunity community, Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, community.Value);

    public static int Normalize(Span<byte> value) => CommunityLists.NormalizeExtended(value);
}

/// <summary>RFC 8092.</summary>
internal readonly struct LargeCommunities : ICommunityKind<LargeCommunity>
{
    public static AttributeType Type => AttributeType.LargeCommunities;

    public static int Length => 12;

    public static LargeCommunity Read(ReadOnlySpan<byte> value) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(value), BinaryPrimitives.ReadUInt32BigEndian(value[4..]), BinaryPrimitives.ReadUInt32BigEndian(value[8..]));

    public static void Write(LargeCommunity community, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, community.GlobalAdministrator);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], community.LocalData1);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], community.LocalData2);
    }

    public static int Normalize(Span<byte> value) => CommunityLists.NormalizeLarge(value);
}
