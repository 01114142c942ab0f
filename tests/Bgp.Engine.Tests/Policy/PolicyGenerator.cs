using System.Collections.Immutable;
using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>Draws policies and routes by seed, from few enough values that rules often hold.</summary>
internal sealed class PolicyGenerator(int seed)
{
    private const int Values = 4;

    private readonly Random _random = new(seed);

    public ImmutableArray<PolicyConfig> Policies()
    {
        var policies = ImmutableArray.CreateBuilder<PolicyConfig>();
        for (var count = 1 + _random.Next(3); count > 0; count--)
        {
            policies.Add(new PolicyConfig($"policy {count}", [.. Enumerable.Range(0, _random.Next(Coin() ? 6 : 90)).Select(_ => Rule())]));
        }

        return [.. policies, Coin() ? PolicyConfig.AcceptAll : PolicyConfig.RejectAll];
    }

    public ModelRoute Route(uint firstAs) => new(IpPrefix.Parse($"10.{_random.Next(Values)}.{4 * _random.Next(2)}.0/{22 + _random.Next(3)}"))
    {
        Med = Coin() ? Number() : null,
        Origin = (Origin)_random.Next(3),
        Path = [firstAs, .. Enumerable.Range(0, _random.Next(3)).Select(_ => Number() + 1)],
        Communities = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Community().Value)],
    };

    private PolicyRule Rule() => new()
    {
        Prefixes = Coin() ? default : [.. Enumerable.Range(0, 1 + _random.Next(Coin() ? 2 : 12)).Select(_ => Prefix())],
        Family = _random.Next(8) switch { 0 => AddressFamily.Ipv4Unicast, 1 => AddressFamily.Ipv6Unicast, _ => null },
        Match = Coin() ? null : Match(),
        Set = Coin() ? null : Set(),
        Action = _random.Next(12) switch { < 8 => PolicyAction.Continue, 8 or 9 => PolicyAction.Accept, 10 => PolicyAction.Reject, _ => PolicyAction.Next },
    };

    private RouteMatch Match() => new()
    {
        Communities = Sometimes() ? [Pattern()] : default,
        LocalPref = Sometimes() ? Range(100) : null,
        Med = Sometimes() ? Range(0) : null,
        KernelMetric = _random.Next(10) == 0 ? Range(1) : null,
        AsPathLength = Sometimes() ? Range(1) : null,
        OriginAs = Sometimes() ? [new Asn(Number() + 1)] : default,
        AsPathPrefix = Sometimes() ? [new Asn(65001), new Asn(Number() + 1)] : default,
        AsPath = Sometimes() && AsPathPattern.TryParse($"_{Number() + 1}_", out var pattern, out _) ? pattern : null,
        To = Sometimes() ? new TargetMatch(null, Coin() ? PeerType.Ebgp : PeerType.Ibgp) : default,
        From = Sometimes() ? new SourceMatch(null, Coin() ? PeerType.Ebgp : PeerType.Ibgp, null) : default,
    };

    private RouteChanges Set() => new()
    {
        LocalPref = Sometimes() ? 100 + Number() : null,
        Med = Sometimes() ? Number() : null,
        KernelMetric = Sometimes() ? 1 + Number() : null,
        Origin = Sometimes() ? (Origin)_random.Next(3) : null,
        Communities = Sometimes() ? [Community()] : default,
        RemoveCommunities = Sometimes() ? [Pattern()] : default,
        AddCommunities = Sometimes() ? [Community()] : default,
        Prepend = _random.Next(10) == 0 ? [new Asn(Number() + 1), new Asn(Number() + 1)] : default,
    };

    private PrefixMatch Prefix()
    {
        var prefix = IpPrefix.Parse($"10.{_random.Next(Values)}.0.0/16");
        var isOut = _random.Next(6) == 0;
        return Coin()
            ? new PrefixMatch(isOut ? PrefixOperator.NotIn : PrefixOperator.In, prefix, 16, (byte)(21 + _random.Next(4)))
            : new PrefixMatch(isOut ? PrefixOperator.NotEqual : PrefixOperator.Equal, IpPrefix.Parse($"10.{_random.Next(Values)}.0.0/{22 + _random.Next(3)}"), 0, 32);
    }

    private Community Community() => new((ushort)(1 + _random.Next(2)), (ushort)_random.Next(Values));

    private CommunityPattern Pattern() => Coin() ? CommunityPattern.Exactly(Community()) : new CommunityPattern(Community().Value & 0xffff0000, 0xffff0000);

    private ValueRange Range(uint from) => new(from + Number(), from + Number() + 1);

    private uint Number() => (uint)_random.Next(Values);

    private bool Coin() => _random.Next(2) == 0;

    private bool Sometimes() => _random.Next(4) == 0;
}
