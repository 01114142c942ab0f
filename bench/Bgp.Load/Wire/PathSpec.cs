using System.Buffers.Binary;

namespace Bgp.Load;

/// <summary>
/// One attribute set that a client announces. It carries its own number in a community, so that a receiver can tell which one came, and
/// then hold the other attributes against what it should be.
/// </summary>
/// <param name="id">The number, of at most 24 bits, dense from 0.</param>
/// <param name="source">The number of the client that announces it.</param>
/// <param name="nextHop">In host order.</param>
/// <param name="asPath">As announced, the neighbor's own number first; empty in iBGP.</param>
internal sealed class PathSpec(int id, int source, uint nextHop, ReadOnlySpan<uint> asPath)
{
    /// <summary>LOCAL_PREF of every iBGP announcement.</summary>
    public const uint LocalPref = 100;

    private const uint CommunityMark = 0xfb000000;
    private const uint CommunityMask = 0xff000000;

    public int Id { get; } = id;

    public int Source { get; } = source;

    public uint NextHop { get; } = nextHop;

    /// <summary>The value of AS_PATH with four octets a number, as it goes on the wire.</summary>
    public byte[] AsPathValue { get; } = EncodeAsPath(asPath);

    public int AsPathLength => AsPathValue.Length == 0 ? 0 : AsPathValue[1];

    /// <summary>The community that names this path.</summary>
    public uint Community => CommunityMark | (uint)Id;

    /// <summary>The path's number where a community names one.</summary>
    public static bool TryId(uint community, out int id)
    {
        id = (int)(community & ~CommunityMask);
        return (community & CommunityMask) == CommunityMark;
    }

    private static byte[] EncodeAsPath(ReadOnlySpan<uint> asPath)
    {
        const byte Sequence = 2;
        if (asPath.IsEmpty)
        {
            return [];
        }

        var value = new byte[2 + (4 * asPath.Length)];
        value[0] = Sequence;
        value[1] = (byte)asPath.Length;
        for (var i = 0; i < asPath.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(2 + (4 * i)), asPath[i]);
        }

        return value;
    }
}
