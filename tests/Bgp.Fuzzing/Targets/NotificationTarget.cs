using Bgp.Protocol;

namespace Bgp.Fuzzing;

/// <summary>The body of a NOTIFICATION: it comes back as it was, and what it says to people has no control characters.</summary>
internal sealed class NotificationTarget() : FuzzTarget("notification")
{
    private readonly byte[] _message = new byte[BgpConstants.MaxMessageLength];

    protected override IEnumerable<byte[]> Fixtures => WireFixture.All.Where(static fixture => fixture.Type == MessageType.Notification).Select(static fixture => fixture.Body.ToArray());

    public override FuzzOutcome Check(ReadOnlySpan<byte> input)
    {
        var isGood = NotificationMessage.TryParse(input, out var notification, out var error);
        BrokenRuleException.Require(isGood == error.IsNone && isGood == input.Length >= 2, "a NOTIFICATION needs its two codes and nothing else");
        if (!isGood)
        {
            return new FuzzOutcome(0, 0);
        }

        var text = notification.ShutdownText;
        BrokenRuleException.Require(text is null || !text.Any(char.IsControl), "text for people has no control characters");
        BrokenRuleException.Require(notification.Error.ToString().Length != 0, "an error has a name");
        var length = notification.WriteTo(_message);
        var kept = input[..Math.Min(input.Length, BgpConstants.MaxMessageLength - BgpConstants.HeaderLength)];
        BrokenRuleException.Require(_message.AsSpan(BgpConstants.HeaderLength, length - BgpConstants.HeaderLength).SequenceEqual(kept), "a NOTIFICATION comes back as it was");
        return new FuzzOutcome(
            HashCode.Combine(Enum.IsDefined(notification.Error.Code) ? notification.Error.Code : 0, text is null),
            HashCode.Combine(Hash(input), text?.GetHashCode(StringComparison.Ordinal)));
    }
}
