using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Bgp.Protocol;

namespace Bgp.Load;

/// <summary>Encodes what a client will announce, before the clock starts: sending is then copying bytes to a socket.</summary>
/// <param name="space">The prefixes.</param>
/// <param name="isInternal">Whether the session is iBGP, where LOCAL_PREF goes along.</param>
internal sealed class FeedEncoder(PrefixSpace space, bool isInternal)
{
    private readonly ArrayBufferWriter<byte> _written = new();

    /// <summary>How many prefixes were written.</summary>
    public int Prefixes { get; private set; }

    /// <summary>How many octets were written.</summary>
    public int Length => _written.WrittenCount;

    private static CodecProfile Profile => new(CodecFlags.FourOctetAs, BgpConstants.MaxMessageLength);

    /// <summary>Appends UPDATEs, each as full as can be, that announce the prefixes with one attribute set.</summary>
    public void Announce(PathSpec path, IEnumerable<int> prefixes)
    {
        Span<byte> canonical = stackalloc byte[512];
        canonical = canonical[..WriteAttributes(path, canonical)];
        Span<byte> message = stackalloc byte[BgpConstants.MaxMessageLength];
        var builder = new UpdateBuilder(message, Profile);
        foreach (var index in prefixes)
        {
            if (builder.Count == 0)
            {
                builder.BeginReach(AddressFamily.Ipv4Unicast, canonical);
            }

            if (!builder.TryAddV4(space.Bits(index), space.Length(index), default))
            {
                Append(message, builder.Finish());
                builder.BeginReach(AddressFamily.Ipv4Unicast, canonical);
                builder.TryAddV4(space.Bits(index), space.Length(index), default);
            }

            Prefixes++;
        }

        Append(message, builder.Finish());
    }

    /// <summary>Appends UPDATEs that withdraw the prefixes.</summary>
    public void Withdraw(IEnumerable<int> prefixes)
    {
        Span<byte> message = stackalloc byte[BgpConstants.MaxMessageLength];
        var builder = new UpdateBuilder(message, Profile);
        foreach (var index in prefixes)
        {
            if (builder.Count == 0)
            {
                builder.BeginWithdraw(AddressFamily.Ipv4Unicast);
            }

            if (!builder.TryAddV4(space.Bits(index), space.Length(index), default))
            {
                Append(message, builder.Finish());
                builder.BeginWithdraw(AddressFamily.Ipv4Unicast);
                builder.TryAddV4(space.Bits(index), space.Length(index), default);
            }

            Prefixes++;
        }

        Append(message, builder.Finish());
    }

    /// <summary>Gives all that was written.</summary>
    public byte[] Finish() => _written.WrittenSpan.ToArray();

    private int WriteAttributes(PathSpec path, Span<byte> canonical)
    {
        Span<byte> community = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(community, path.Community);
        var writer = new PathAttributesWriter(canonical);
        writer.AppendByte(AttributeType.Origin, (byte)Origin.Igp);
        writer.Append(AttributeType.AsPath, path.AsPathValue);
        writer.AppendNextHop(IpAddress.V4(path.NextHop));
        if (isInternal)
        {
            writer.AppendUInt32(AttributeType.LocalPref, PathSpec.LocalPref);
        }

        writer.Append(AttributeType.Communities, community);
        Debug.Assert(!writer.HasOverflowed, "paths are short");
        return writer.Length;
    }

    private void Append(scoped ReadOnlySpan<byte> message, int length) => _written.Write(message[..length]);
}
