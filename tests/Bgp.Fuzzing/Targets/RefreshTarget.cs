using Bgp.Protocol;

namespace Bgp.Fuzzing;

/// <summary>The body of a ROUTE-REFRESH: four octets mean what they say, others are refused or skipped by subtype (RFC 7313 §5).</summary>
internal sealed class RefreshTarget() : FuzzTarget("route-refresh")
{
    private const int BodyLength = 4;

    protected override IEnumerable<byte[]> Fixtures => WireFixture.All.Where(static fixture => fixture.Type == MessageType.RouteRefresh).Select(static fixture => fixture.Body.ToArray());

    public override FuzzOutcome Check(ReadOnlySpan<byte> input)
    {
        var isGood = RouteRefreshMessage.TryParse(input, out var refresh, out var error);
        var isDemarcation = input.Length >= BodyLength && input[2] is 1 or 2;
        BrokenRuleException.Require(isGood == error.IsNone, "a ROUTE-REFRESH is refused with a reason");
        BrokenRuleException.Require(isGood == (input.Length == BodyLength || (input.Length > BodyLength && !isDemarcation)), "only the length is refused");
        if (!isGood)
        {
            BrokenRuleException.Require(error.Data.Span[BgpConstants.HeaderLength..].SequenceEqual(input), "the reason carries the message");
            return new FuzzOutcome(HashCode.Combine(error.Code, error.Subcode, isDemarcation), Hash(error.Data.Span));
        }

        Span<byte> message = stackalloc byte[RouteRefreshMessage.Length];
        refresh.WriteTo(message);
        BrokenRuleException.Require(message[BgpConstants.HeaderLength..].SequenceEqual(input[..BodyLength]), "a ROUTE-REFRESH comes back as it was");
        return new FuzzOutcome(HashCode.Combine(1, isDemarcation, input.Length > BodyLength), refresh.GetHashCode());
    }
}
