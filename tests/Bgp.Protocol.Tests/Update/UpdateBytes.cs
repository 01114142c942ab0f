using System.Buffers.Binary;

namespace Bgp.Protocol.Tests;

/// <summary>UPDATE bodies for tests, from hexadecimal parts; spaces are for the reader.</summary>
internal static class UpdateBytes
{
    public const string OriginIgp = "400101 00";
    public const string AsPath = "400206 0201 0000fde9";
    public const string NextHop = "400304 c0000202";
    public const string Mandatory = OriginIgp + AsPath + NextHop;
    public const string Prefix = "18 0a0101";

    public static readonly CodecProfile External = new(CodecFlags.FourOctetAs | CodecFlags.External, BgpConstants.MaxMessageLength);
    public static readonly CodecProfile Internal = new(CodecFlags.FourOctetAs, BgpConstants.MaxMessageLength);
    public static readonly CodecProfile Member = new(CodecFlags.FourOctetAs | CodecFlags.External | CodecFlags.Confederation, BgpConstants.MaxMessageLength);

    public static readonly CodecProfile TwoOctets = new(CodecFlags.External, BgpConstants.MaxMessageLength);

    public static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    public static byte[] Body(string attributes, string announced = "", string withdrawn = "")
    {
        var withdrawnBytes = Hex(withdrawn);
        var attributeBytes = Hex(attributes);
        var body = new byte[4 + withdrawnBytes.Length + attributeBytes.Length];
        BinaryPrimitives.WriteUInt16BigEndian(body, (ushort)withdrawnBytes.Length);
        withdrawnBytes.CopyTo(body.AsSpan(2));
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(2 + withdrawnBytes.Length), (ushort)attributeBytes.Length);
        attributeBytes.CopyTo(body.AsSpan(4 + withdrawnBytes.Length));
        return [.. body, .. Hex(announced)];
    }

    /// <summary>Splits and says what the structure costs.</summary>
    public static (UpdateErrorAction Action, BgpError Error, AttributeType Faulty) Split(byte[] body, CodecProfile profile)
    {
        var update = new DecodedUpdate();
        UpdateDecoder.Split(body, profile, ref update);
        return (update.Action, update.Error, update.FaultyAttribute);
    }

    /// <summary>Canonicalizes a section for the classic NLRI.</summary>
    public static Outcome Canonicalize(string attributes, CodecProfile profile) => Canonicalize(Hex(attributes), profile, false, default);

    public static Outcome Canonicalize(ReadOnlySpan<byte> attributes, CodecProfile profile, bool useMpNextHop, ReadOnlySpan<byte> mpNextHop)
    {
        var canonical = new byte[BgpConstants.MaxCanonicalLength];
        var action = UpdateDecoder.Canonicalize(attributes, profile, useMpNextHop, mpNextHop, canonical, out var written, out var error, out var faulty);
        return new Outcome(action, error, faulty, canonical[..written]);
    }

    internal sealed record Outcome(UpdateErrorAction Action, BgpError Error, AttributeType Faulty, byte[] Canonical)
    {
        public string Text => MessageText.DescribeAttributes(Canonical);
    }
}
