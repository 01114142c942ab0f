using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config.Tests;

/// <summary>Makes what rules of policies match, but for prefixes, and what they set, from a seed.</summary>
internal sealed class RuleGenerator(int seed)
{
    private static readonly string[] Expressions = ["^$", "_65001_", "^65001_65002_", "65001", "_(65001|65002)$", "^[0-9]+$", @"\d \d", "[^]_]", " # : - {x}"];
    private static readonly string[] LargePatterns = ["64512:1:2", "4200000000:*:0", "*:*:*", "*:1:*"];
    private static readonly string[] ExtendedPatterns = ["rt:64512:1", "soo:192.0.2.1:1", "rt:4200000000:7", "0x0123456789abcdef", "rt:64512:*", "rt:4200000000:*", "soo:192.0.2.1:*", "rt:*:*", "soo:*:*"];

    private readonly Random _random = new(seed);

    public PolicyMatch Match(NamedSets sets) => new()
    {
        From = Pick(
            new SourceCondition(),
            new SourceCondition { Neighbor = Address(), PeerType = Maybe(() => Pick(PeerType.Ebgp, PeerType.Ibgp)), IsLocal = Bool() ? false : null },
            new SourceCondition { PeerType = Bool() ? PeerType.Local : null, IsLocal = Bool() ? true : null }),
        To = new TargetMatch(Maybe(Address), Maybe(() => Pick(PeerType.Ebgp, PeerType.Ibgp))),
        NextHop = Some(Prefix),
        Communities = Some(() => Term(sets.Communities, static _ => true, Pattern)),
        LargeCommunities = Some(LargePattern),
        ExtendedCommunities = Some(ExtendedPattern),
        AsPath = Bool() ? AsPath() : null,
        AsPathPrefix = Some(Asn),
        AsPathLength = Maybe(Range),
        OriginAs = Some(Asn),
        LocalPref = Maybe(Range),
        Med = Maybe(Range),
    };

    public PolicySet Set(NamedSets sets) => new()
    {
        LocalPref = Maybe(Number),
        Med = Maybe(Number),
        Origin = Maybe(() => Pick(Enum.GetValues<Origin>())),
        NextHop = Maybe(() => Pick(new NextHopChange(NextHopChangeKind.Self), new NextHopChange(NextHopChangeKind.Keep), new NextHopChange(NextHopChangeKind.Address, Address()))),
        Communities = Any(() => ExactTerm(sets)),
        AddCommunities = Any(() => ExactTerm(sets)),
        RemoveCommunities = Any(() => Term(sets.Communities, static _ => true, Pattern)),
        LargeCommunities = Any(Large),
        AddLargeCommunities = Any(Large),
        RemoveLargeCommunities = Any(LargePattern),
        ExtendedCommunities = Any(Extended),
        AddExtendedCommunities = Any(Extended),
        RemoveExtendedCommunities = Any(ExtendedPattern),
        Prepend = Any(Asn),
        Weight = Maybe(Number),
        EcmpWeight = Maybe(() => _random.Next(1, 257)),
    };

    public CommunityPattern Pattern()
    {
        var text = Pick("*", "65535", Half()) + ":" + Pick("*", "65281", Half());
        return CommunityPattern.TryParse(text, out var pattern) ? pattern : throw new FormatException(text);
    }

    private CommunityTerm ExactTerm(NamedSets sets) =>
        Term(sets.Communities, static set => set.Items.All(CommunityKinds.IsExact), () => CommunityPattern.Exactly(new Community((uint)_random.NextInt64(1L << 32))));

    private CommunityTerm Term(EquatableArray<Named<EquatableArray<CommunityPattern>>> sets, Func<EquatableArray<CommunityPattern>, bool> fits, Func<CommunityPattern> make)
    {
        var fitting = sets.Where(set => fits(set.Value)).ToArray();
        return fitting.Length > 0 && Bool() ? CommunityTerm.InSet(Pick(fitting).Name) : CommunityTerm.Of(make());
    }

    private LargeCommunityPattern LargePattern() => LargeCommunityPattern.TryParse(Pick(LargePatterns), out var pattern) ? pattern : throw new FormatException();

    private LargeCommunity Large() => new(Number(), Number(), Number());

    private ExtendedCommunityPattern ExtendedPattern() => ExtendedCommunityPattern.TryParse(Pick(ExtendedPatterns), out var pattern) ? pattern : throw new FormatException();

    private ExtendedCommunity Extended() => new((ulong)_random.NextInt64(long.MaxValue) << 1 | (uint)_random.Next(2));

    private AsPathPattern AsPath() => AsPathPattern.TryParse(Pick(Expressions), out var pattern, out var fault) ? pattern : throw new FormatException(fault);

    private ValueRange Range()
    {
        var (one, other) = (Pick<uint>(0, uint.MaxValue, Number()), Pick<uint>(0, uint.MaxValue, Number()));
        return new ValueRange(Math.Min(one, other), Math.Max(one, other));
    }

    private IpPrefix Prefix()
    {
        var address = Address();
        return new IpPrefix(address, Bool() ? address.BitLength : _random.Next(address.BitLength + 1));
    }

    private IpAddress Address() => Bool() ? IpAddress.V4((uint)_random.NextInt64(0x01000000, 0x7f000000)) : IpAddress.V6((0x2001UL << 48) | (ulong)_random.NextInt64(1L << 40), (ulong)_random.NextInt64());

    private Asn Asn() => new((uint)_random.Next(65536, int.MaxValue));

    private uint Number() => (uint)_random.NextInt64(1L << 32);

    private string Half() => _random.Next(65536).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A list that holds something, or none.</summary>
    private EquatableArray<T>? Some<T>(Func<T> make) => Bool() ? null : Enumerable.Range(0, _random.Next(1, 4)).Select(_ => make()).ToEquatableArray();

    /// <summary>A list that may be empty, or none.</summary>
    private EquatableArray<T>? Any<T>(Func<T> make) => Bool() ? null : Enumerable.Range(0, _random.Next(3)).Select(_ => make()).ToEquatableArray();

    private T? Maybe<T>(Func<T> make)
        where T : struct => Bool() ? make() : null;

    private T Pick<T>(params T[] items) => items[_random.Next(items.Length)];

    private bool Bool() => _random.Next(2) == 0;
}
