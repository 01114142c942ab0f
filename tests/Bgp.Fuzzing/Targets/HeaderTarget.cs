using Bgp.Protocol;

namespace Bgp.Fuzzing;

/// <summary>One choice of the longest message, then a header: KEEPALIVE is nothing else, and the other types keep their limits (RFC 4271 §6.1, RFC 8654 §4).</summary>
internal sealed class HeaderTarget() : FuzzTarget("keepalive")
{
    protected override IEnumerable<byte[]> Fixtures =>
        WireFixture.All.SelectMany(static fixture => Enumerable.Range(0, 2).Select(
            choice => (byte[])[(byte)choice, .. fixture.Message.AsSpan(0, Math.Min(fixture.Message.Length, BgpConstants.HeaderLength))]));

    public override FuzzOutcome Check(ReadOnlySpan<byte> input)
    {
        if (input.Length < 1 + BgpConstants.HeaderLength)
        {
            return default;
        }

        var longest = (input[0] & 1) == 0 ? BgpConstants.MaxMessageLength : BgpConstants.MaxExtendedMessageLength;
        var header = input.Slice(1, BgpConstants.HeaderLength);
        var isGood = MessageHeader.TryRead(header, longest, out var type, out var length, out var error);
        BrokenRuleException.Require(isGood == error.IsNone, "a header is refused with a reason");
        if (!isGood)
        {
            BrokenRuleException.Require(error.Code == NotificationCode.MessageHeaderError && Enum.IsDefined((HeaderSubcode)error.Subcode), "the reason is a header's");
            return new FuzzOutcome(HashCode.Combine(error.Subcode, Enum.IsDefined(type) ? type : 0, longest), error.GetHashCode());
        }

        BrokenRuleException.Require(Enum.IsDefined(type), "a type is known");
        BrokenRuleException.Require(length <= (type is MessageType.Open ? BgpConstants.MaxMessageLength : longest), "an OPEN is never extended");
        BrokenRuleException.Require(type != MessageType.Keepalive || header.SequenceEqual(KeepaliveMessage.Bytes), "a KEEPALIVE is a header");
        Span<byte> again = stackalloc byte[BgpConstants.HeaderLength];
        MessageHeader.Write(again, type, length);
        BrokenRuleException.Require(header.SequenceEqual(again), "a header comes back as it was");
        return new FuzzOutcome(HashCode.Combine(1, type, length > BgpConstants.MaxMessageLength), length);
    }
}
