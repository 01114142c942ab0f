using Bgp.Protocol;

namespace Bgp.Bench;

/// <summary>An UPDATE as a reflector sends it: eight attributes, and /24 prefixes that share them.</summary>
internal static class SampleUpdates
{
    public static readonly CodecProfile Profile = new(CodecFlags.FourOctetAs, BgpConstants.MaxMessageLength);

    public static byte[] Attributes()
    {
        var writer = new PathAttributesWriter(new byte[256]);
        writer.AppendByte(AttributeType.Origin, (byte)Origin.Igp);
        writer.Append(AttributeType.AsPath, [2, 3, 0, 0, 0xfd, 0xe9, 0xfa, 0x56, 0xea, 1, 0, 0, 0xfd, 0xf2]); // 65001 4200000001 65010
        writer.AppendNextHop(IpAddress.V4(0xc0000201));
        writer.AppendUInt32(AttributeType.MultiExitDisc, 50);
        writer.AppendUInt32(AttributeType.LocalPref, 100);
        writer.Append(AttributeType.Communities, [0xfd, 0xe9, 0, 1, 0xfd, 0xe9, 0, 2, 0xfd, 0xe9, 0, 3]);
        writer.AppendUInt32(AttributeType.OriginatorId, 0xc0000202);
        writer.Append(AttributeType.ClusterList, [0xc0, 0, 2, 3]);
        return writer.Written.ToArray();
    }

    public static byte[] Message(int prefixes)
    {
        var buffer = new byte[BgpConstants.MaxMessageLength];
        var builder = new UpdateBuilder(buffer, Profile);
        builder.BeginReach(AddressFamily.Ipv4Unicast, Attributes());
        for (uint i = 0; i < prefixes; i++)
        {
            builder.TryAddV4(0x0a000000 + (i << 8), 24, default);
        }

        return buffer[..builder.Finish()];
    }
}
