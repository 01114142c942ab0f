using Bgp.Protocol;

namespace Bgp.Fuzzing;

/// <summary>The body of an OPEN: what is understood comes back the same, what is not is refused with an OPEN's error.</summary>
internal sealed class OpenTarget() : FuzzTarget("open")
{
    private readonly byte[] _message = new byte[BgpConstants.MaxMessageLength + 8];

    protected override IEnumerable<byte[]> Fixtures => WireFixture.All.Where(static fixture => fixture.Type == MessageType.Open).Select(static fixture => fixture.Body.ToArray());

    public override FuzzOutcome Check(ReadOnlySpan<byte> input)
    {
        if (input.Length > BgpConstants.MaxMessageLength - BgpConstants.HeaderLength)
        {
            return default; // no header says so
        }

        var isGood = OpenMessage.TryParse(input, out var open, out var error);
        BrokenRuleException.Require(isGood == error.IsNone, "an OPEN is refused with a reason");
        if (!isGood)
        {
            BrokenRuleException.Require(error.Code is NotificationCode.OpenMessageError or NotificationCode.MessageHeaderError, "the reason is an OPEN's");
            return new FuzzOutcome(HashCode.Combine(error.Code, error.Subcode, error.Data.Length), error.GetHashCode());
        }

        var text = MessageText.Describe(open);
        var length = open.WriteTo(_message);
        BrokenRuleException.Require(length == open.Length && length <= BgpConstants.MaxMessageLength, "an OPEN fits its message");
        BrokenRuleException.Require(
            MessageHeader.TryRead(_message, BgpConstants.MaxMessageLength, out var type, out var written, out _) && type == MessageType.Open && written == length,
            "an OPEN has a header");
        BrokenRuleException.Require(
            OpenMessage.TryParse(_message.AsSpan(BgpConstants.HeaderLength, length - BgpConstants.HeaderLength), out var again, out _) && again == open,
            "an OPEN that was encoded comes back the same");
        BrokenRuleException.Require(MessageText.Describe(again) == text, "an OPEN that was encoded means the same");
        return new FuzzOutcome(HashCode.Combine(1, open.Capabilities.ToString(), open.Capabilities.Unknown.Count), text.GetHashCode(StringComparison.Ordinal));
    }
}
