using Bgp.Protocol;

namespace Bgp.Fuzzing;

/// <summary>The value of one capability within an OPEN: composed again from what was understood, it means the same.</summary>
internal sealed class CapabilityTarget(string name, CapabilityCode code) : FuzzTarget("capability:" + name)
{
    private const int FixedLength = 10;
    private static readonly byte[] Head = [4, 0xfd, 0xe8, 0, 90, 192, 0, 2, 1];

    private readonly byte[] _body = new byte[FixedLength + 4 + byte.MaxValue];

    /// <summary>One for each capability that has a row, and one for those that have none.</summary>
    public static IEnumerable<CapabilityTarget> All =>
    [
        .. Enumerable.Range(0, byte.MaxValue + 1).Select(static code => CapabilityTable.Find((CapabilityCode)code)).OfType<CapabilityRow>()
            .Select(static row => new CapabilityTarget(row.Name, row.Code)),
        new CapabilityTarget("unknown", (CapabilityCode)207),
    ];

    protected override IEnumerable<byte[]> Fixtures => WireFixture.All
        .Where(static fixture => fixture.Type == MessageType.Open)
        .SelectMany(static fixture => OpenMessage.TryParse(fixture.Body, out var open, out _) ? open.Capabilities.All : [])
        .Where(capability => capability.Code == code)
        .Select(static capability => capability.Value.ToArray());

    public override FuzzOutcome Check(ReadOnlySpan<byte> input)
    {
        var value = input[..Math.Min(input.Length, byte.MaxValue - 2)];
        Head.CopyTo(_body, 0);
        var length = value.Length + 2;
        _body[FixedLength - 1] = (byte)Math.Min(length + 2, byte.MaxValue);
        var position = FixedLength;
        if (length + 2 >= byte.MaxValue)
        {
            return default; // one octet more than the plain encoding carries; OpenTarget has the other
        }

        _body[position++] = 2;
        _body[position++] = (byte)length;
        _body[position++] = (byte)code;
        _body[position++] = (byte)value.Length;
        value.CopyTo(_body.AsSpan(position));
        var isGood = OpenMessage.TryParse(_body.AsSpan(0, position + value.Length), out var open, out var error);
        BrokenRuleException.Require(isGood == error.IsNone, "an OPEN is refused with a reason");
        if (!isGood)
        {
            return new FuzzOutcome(HashCode.Combine(error.Code, error.Subcode), error.GetHashCode());
        }

        var set = open.Capabilities;
        BrokenRuleException.Require(set.All.Count == 1 && set.All[0].Value.Span.SequenceEqual(value), "a capability is kept as it came");
        if (set.Unknown.Count != 0)
        {
            return new FuzzOutcome(HashCode.Combine(2, value.IsEmpty), Hash(value));
        }

        var first = Compose(set);
        var text = Describe(open, first);
        BrokenRuleException.Require(Describe(open, Compose(first)) == text, "what we compose comes back the same");
        BrokenRuleException.Require(code == CapabilityCode.Fqdn || Describe(open, set) == text, "a capability composed again means the same");
        return new FuzzOutcome(HashCode.Combine(1, text.Length / 8), text.GetHashCode(StringComparison.Ordinal));
    }

    private static string Describe(OpenMessage open, CapabilitySet set) => MessageText.Describe(open with { Capabilities = set });

    private static CapabilitySet Compose(CapabilitySet set)
    {
        var builder = new CapabilitySetBuilder();
        foreach (var family in set.Families)
        {
            builder.Family(family);
        }

        builder.AddPath([.. set.AddPath]).ExtendedNextHop([.. set.ExtendedNextHop]);
        _ = set.RouteRefresh ? builder.RouteRefresh() : builder;
        _ = set.EnhancedRouteRefresh ? builder.EnhancedRouteRefresh() : builder;
        _ = set.ExtendedMessages ? builder.ExtendedMessages() : builder;
        _ = set.FourOctetAs is { } asn ? builder.FourOctetAs(asn) : builder;
        _ = set.GracefulRestart is { } restart ? builder.GracefulRestart(restart) : builder;
        _ = set.LongLived is { } longLived ? builder.LongLived([.. longLived]) : builder;
        _ = set.Fqdn is { } name ? builder.Fqdn(name) : builder;
        _ = set.Role is { } role ? builder.Role(role) : builder;
        return builder.Build();
    }
}
