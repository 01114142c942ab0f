using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config.Tests;

/// <summary>Makes valid configurations of everything that this build supports, from a seed.</summary>
internal sealed class ConfigGenerator(int seed)
{
    private static readonly string[] Texts = ["", "spine", "to rack 1: left", "# not a comment", "null", "true", "12", "1e3", "a\"b\\c", "it's", "é – ü", "- x", "key: value", "[a]", "{b}", "*c", "&d", "!e", "%f", "@g", "64512:1", " padded ", "yes", "0x1f", "<a>", "x,y"];

    private readonly Random _random = new(seed);
    private readonly RuleGenerator _rules = new(seed + 1);

    public RouterConfig Next()
    {
        var router = Router();
        var sets = new NamedSets { Prefixes = Named("set", 3, () => Many(3, Range)), Communities = Named("set", 3, () => Many(3, _rules.Pattern)) };
        var policies = Named("policy", 4, () => Many(4, () => Rule(sets)));
        string[] policyNames = [.. policies.Select(static policy => policy.Name), "accept-all", "reject-all"];
        var groups = Named("group", 3, () => Settings(new PeerSettings(), router, policyNames));
        return new RouterConfig
        {
            Router = router,
            Networks = Enumerable.Range(0, _random.Next(4)).Select(index => new Network { Prefix = new IpPrefix(IpAddress.V4((uint)(10 << 24 | index << 16)), 16 + _random.Next(8)), Set = Bool() ? new PolicySet() : _rules.Set(sets) with { NextHop = null }, Blackhole = Bool() }).ToEquatableArray(),
            Sets = sets,
            PeerGroups = groups,
            Neighbors = Enumerable.Range(1, _random.Next(1, 5)).Select(index => Neighbor(index, router, groups, policyNames)).ToEquatableArray(),
            DynamicNeighbors = Ranges(groups),
            Policies = policies,
            Fib = new FibSettings
            {
                Enabled = Bool(),
                Table = (uint)_random.Next(1, 300),
                Metric = new FibMetric((uint)_random.Next(1, 5000)),
                Protocol = Pick<byte>(186, 12, 99),
                SourceAddress = new AddressPair { Ipv4 = Maybe(V4), Ipv6 = Maybe(V6) },
                NexthopObjects = Bool(),
            },
            Api = new ApiSettings { Socket = Pick("/run/bgp/bgp.sock", "/tmp/a b.sock") },
            Log = new LogSettings { Level = Pick(Enum.GetValues<LogVerbosity>()), Format = Pick(Enum.GetValues<LogFormat>()) },
        };
    }

    private RouterSettings Router() => new()
    {
        Asn = new Asn((uint)_random.Next(1, 20000)),
        RouterId = Maybe(Id),
        ClusterId = Maybe(Id),
        ClientToClient = Bool(),
        Listen = Bool() ? [] : [new ListenEndpoint(V4(), 179), new ListenEndpoint(V6(), (ushort)_random.Next(1, 65536))],
        DefaultLocalPref = (uint)_random.NextInt64(uint.MaxValue),
        Multipath = new MultipathConfig(_random.Next(1, 129), _random.Next(1, 129)),
        BestPath = new BestPathConfig(Bool(), Bool()),
        EbgpRequiresPolicy = Bool(),
        GracefulRestart = new GracefulRestartSettings { Enabled = Bool() },
    };

    private Neighbor Neighbor(int index, RouterSettings router, EquatableArray<Named<PeerSettings>> groups, string[] policies)
    {
        var (isV4, isOnInterface) = (Bool(), _random.Next(4) == 0);
        var group = groups.Count > 0 && Bool() ? groups[_random.Next(groups.Count)] : default;
        var start = group.Name is null ? new PeerSettings() : group.Value;
        var settings = Bool() && start.Asn is not null ? start : Settings(start, router, policies);
        return new Neighbor
        {
            Interface = isOnInterface ? $"eth{index}" : null,
            Address = isOnInterface ? null : Bool() ? new ScopedAddress(isV4 ? IpAddress.V4((uint)(172 << 24 | index)) : IpAddress.V6(0xfd00UL << 48, (ulong)index), "")
                : new ScopedAddress(IpAddress.V6(0xfe80UL << 48, (ulong)index), "eth0"),
            Name = Maybe(() => Text() + "n"),
            Group = group.Name,
            Settings = settings with { LocalAddress = null, Multihop = isOnInterface ? null : settings.Multihop },
        };
    }

    private EquatableArray<DynamicNeighbors> Ranges(EquatableArray<Named<PeerSettings>> groups) => groups.Items
        .Where(static group => group.Value.Asn is not null)
        .Select((group, index) => new DynamicNeighbors { Prefix = new IpPrefix(IpAddress.V4((uint)(11 << 24 | index << 16)), 16), Group = group.Name, Settings = group.Value, Limit = _random.Next(1, 100_001) })
        .ToEquatableArray();

    /// <summary>Some fields of <paramref name="start"/> changed, the rest as they are.</summary>
    private PeerSettings Settings(PeerSettings start, RouterSettings router, string[] policies)
    {
        var isInternal = Bool();
        var hold = TimeSpan.FromSeconds(_random.Next(3, 400));
        var settings = start with
        {
            Asn = isInternal ? Pick(RemoteAs.Internal, RemoteAs.Of(router.Asn)) : RemoteAs.Of(new Asn((uint)_random.Next(70_000, int.MaxValue))),
            RouteReflectorClient = isInternal && Bool(),
            HoldTime = hold,
            Keepalive = Maybe(() => TimeSpan.FromSeconds(_random.Next(1, (int)hold.TotalSeconds))),
            SendHoldTime = Maybe(() => hold + TimeSpan.FromSeconds(_random.Next(1, 1000))),
            Multihop = null,
            TtlSecurity = null,
        };
        return settings with
        {
            Description = Bool() ? Text() : settings.Description,
            Port = Bool() ? (ushort)_random.Next(1, 65536) : settings.Port,
            Passive = Bool(),
            Shutdown = Bool(),
            ShutdownMessage = Bool() ? Maybe(Text) : settings.ShutdownMessage,
            ConnectRetry = TimeSpan.FromSeconds(_random.Next(1, 100)),
            Families = Bool() ? Families(policies) : settings.Families,
            AddPaths = AddPaths(),
            ExtendedNextHop = Bool(),
            ExtendedMessages = Bool(),
            Multihop = Maybe(() => _random.Next(1, 256)),
            ClusterId = settings.RouteReflectorClient ? Maybe(Id) : null,
            NextHop = Pick(NextHopMode.Auto, NextHopMode.Self),
            AllowLocalAs = _random.Next(0, 3),
            EnforceFirstAs = Bool(),
            MaxPrefixes = new MaxPrefixesSettings { Action = Pick(Enum.GetValues<MaxPrefixesAction>()) },
            ImportPolicy = Bool() ? Many(3, () => Pick(policies)) : settings.ImportPolicy,
            ExportPolicy = Bool() ? Many(3, () => Pick(policies)) : settings.ExportPolicy,
            GracefulRestart = Bool() ? new GracefulRestartSettings { Enabled = false } : null,
        };
    }

    private EquatableArray<FamilySettings>? Families(string[] policies)
    {
        AddressFamily[] families = Pick<AddressFamily[]>([AddressFamily.Ipv4Unicast], [AddressFamily.Ipv6Unicast], [AddressFamily.Ipv4Unicast, AddressFamily.Ipv6Unicast]);
        return Bool() ? null : families.Select(family => new FamilySettings(family)
        {
            AddPaths = Bool() ? AddPaths() : null,
            ImportPolicy = Bool() ? Many(2, () => Pick(policies)) : null,
            ExportPolicy = Bool() ? Many(2, () => Pick(policies)) : null,
        }).ToEquatableArray();
    }

    private AddPathsSettings AddPaths() => new() { Receive = Bool(), Send = Pick(0, 1, 4, 255, AddPathsSettings.All) };

    private RoutePolicyRule Rule(NamedSets sets) => new()
    {
        Match = _rules.Match(sets) with
        {
            Prefix = Bool() ? null : Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Condition(sets.Prefixes)).ToEquatableArray(),
            Family = Maybe(() => Pick(AddressFamily.Ipv4Unicast, AddressFamily.Ipv6Unicast)),
        },
        Set = Bool() ? new PolicySet() : _rules.Set(sets),
        Action = Pick(Enum.GetValues<PolicyAction>()),
    };

    private PrefixCondition Condition(EquatableArray<Named<EquatableArray<PrefixRange>>> sets)
    {
        if (sets.Count > 0 && Bool())
        {
            return PrefixCondition.InSet(sets[_random.Next(sets.Count)].Name);
        }

        var range = Range();
        var comparison = Pick(Enum.GetValues<PrefixOperator>());
        var hasLengths = comparison is PrefixOperator.In or PrefixOperator.NotIn && Bool();
        return new PrefixCondition(comparison, range.Prefix, hasLengths ? new LengthRange(range.MinLength, range.MaxLength) : null, Set: null);
    }

    private PrefixRange Range()
    {
        var address = Bool() ? V4() : V6();
        var prefix = new IpPrefix(address, _random.Next(address.BitLength + 1));
        var min = _random.Next(prefix.Length, address.BitLength + 1);
        return new PrefixRange(prefix, (byte)min, (byte)_random.Next(min, address.BitLength + 1));
    }

    private EquatableArray<Named<T>> Named<T>(string noun, int most, Func<T> make) =>
        Enumerable.Range(0, _random.Next(most)).Select(index => new Named<T>($"{noun}-{index} {Text()}", make())).OrderBy(static named => named.Name, StringComparer.Ordinal).ToEquatableArray();

    private EquatableArray<T> Many<T>(int most, Func<T> make) => Enumerable.Range(0, _random.Next(most)).Select(_ => make()).ToEquatableArray();

    private T? Maybe<T>(Func<T> make)
        where T : struct => Bool() ? make() : null;

    private string? Maybe(Func<string> make) => Bool() ? make() : null;

    private T Pick<T>(params T[] items) => items[_random.Next(items.Length)];

    private bool Bool() => _random.Next(2) == 0;

    private string Text() => Pick(Texts);

    private RouterId Id() => new((uint)_random.NextInt64(1, uint.MaxValue));

    private IpAddress V4() => IpAddress.V4((uint)_random.NextInt64(0x01000000, 0x7f000000));

    private IpAddress V6() => IpAddress.V6((0x2001UL << 48) | (ulong)_random.NextInt64(1L << 40), (ulong)_random.NextInt64());
}
