using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>The fields that a neighbor and a peer group share, in the order in which they are printed.</summary>
internal static class PeerTable
{
    public static readonly SchemaTable<AddPathsSettings> AddPaths = new(
        "addPaths",
        new AddPathsSettings(),
        [
            new Field<AddPathsSettings, bool>("receive", Kinds.Bool, a => a.Receive, (a, v) => a with { Receive = v })
            {
                Reload = ReloadClass.Reset, Summary = "Accept several paths of a prefix.",
            },
            new Field<AddPathsSettings, int>("send", PeerKinds.PathCount, a => a.Send, (a, v) => a with { Send = v })
            {
                Reload = ReloadClass.Reset, ReloadBetween = static (before, after) => before == 0 || after == 0 ? ReloadClass.Reset : ReloadClass.Refresh,
                Summary = "Announce up to this many paths of a prefix, the best ones, or `all`. From one number to another, neither of them 0, nothing is reset.",
            },
        ]);

    public static readonly SchemaTable<MaxPrefixesSettings> MaxPrefixes = new(
        "maxPrefixes",
        new MaxPrefixesSettings(),
        [
            new Field<MaxPrefixesSettings, int>("limit", Kinds.Int(0, int.MaxValue), m => m.Limit, (m, v) => m with { Limit = v })
            {
                Reload = ReloadClass.None, Summary = "How many routes of a family the neighbor may have announced at a time, rejected ones included; 0 is any number.",
            },
            new Field<MaxPrefixesSettings, MaxPrefixesAction>(
                "action",
                Kinds.OneOf(("warn", MaxPrefixesAction.Warn), ("restart", MaxPrefixesAction.Restart), ("shutdown", MaxPrefixesAction.Shutdown)),
                m => m.Action,
                (m, v) => m with { Action = v })
            {
                Reload = ReloadClass.None, Summary = "What happens when it announces more: a log line, a new session after a while, or none until an operator enables it.",
            },
            new Field<MaxPrefixesSettings, TimeSpan>(
                "restartAfter", DurationKind.Seconds(1, 86400), m => m.RestartAfter, (m, v) => m with { RestartAfter = v })
            {
                Reload = ReloadClass.None, Summary = "How long `restart` waits.",
            },
        ]);

    private static readonly SchemaTable<BfdSettings> Bfd = new(
        "bfd",
        new BfdSettings(),
        [
            new Field<BfdSettings, TimeSpan>("minTx", DurationKind.Milliseconds(10, 60_000), b => b.MinTx, (b, v) => b with { MinTx = v })
            {
                Reload = ReloadClass.None, Support = Support.NotYet, Summary = "The least interval of packets that we send.",
            },
            new Field<BfdSettings, TimeSpan>("minRx", DurationKind.Milliseconds(10, 60_000), b => b.MinRx, (b, v) => b with { MinRx = v })
            {
                Reload = ReloadClass.None, Support = Support.NotYet, Summary = "The least interval of packets that we accept.",
            },
            new Field<BfdSettings, int>("multiplier", Kinds.Int(1, 255), b => b.Multiplier, (b, v) => b with { Multiplier = v })
            {
                Reload = ReloadClass.None, Support = Support.NotYet, Summary = "How many lost packets take the session down.",
            },
        ]);

    private static readonly ValueKind<BgpRole> Role = Kinds.OneOf(
        ("provider", BgpRole.Provider), ("customer", BgpRole.Customer), ("peer", BgpRole.Peer), ("rs", BgpRole.RouteServer), ("rs-client", BgpRole.RouteServerClient));

    private static readonly ValueKind<RemovePrivateAsMode> RemovePrivateAs = Kinds.OneOf(
        ("false", RemovePrivateAsMode.Off), ("true", RemovePrivateAsMode.OnlyPrivate), ("all", RemovePrivateAsMode.All), ("replace", RemovePrivateAsMode.Replace));

    private static readonly ValueKind<LocalAsnMode> LocalAsnModes = Kinds.OneOf(
        ("prepend", LocalAsnMode.Prepend), ("no-prepend", LocalAsnMode.NoPrepend), ("replace", LocalAsnMode.Replace));

    private static readonly ValueKind<NextHopMode> NextHop = Kinds.OneOf(
        ("auto", NextHopMode.Auto), ("self", NextHopMode.Self), ("self-all", NextHopMode.SelfAll), ("keep", NextHopMode.Keep));

    public static readonly SchemaTable<PeerSettings> Table = new(
        "a peer group",
        new PeerSettings(),
        [.. Identity(), .. Session(), .. Capabilities(), .. Transport(), .. Routes()])
    {
        Elsewhere =
        [
            ("group", "groups do not nest; give the fields here"),
            ("address", "only a neighbor has an address"),
            ("interface", "only a neighbor has an interface"),
            ("name", "only a neighbor has a name; a group's name is its key"),
        ],
    };

    private static IEnumerable<Field<PeerSettings>> Identity() =>
    [
        new Field<PeerSettings, RemoteAs?>("asn", new OptionalValueKind<RemoteAs>(PeerKinds.RemoteAs), p => p.Asn, (p, v) => p with { Asn = v })
        {
            Reload = ReloadClass.Reset, DefaultText = "required, here or in the group", Summary = "The neighbor's AS number, `internal` for ours, or `external` for any other, which no member of our confederation is.",
        },
        new Field<PeerSettings, string>("description", Kinds.Line, p => p.Description, (p, v) => p with { Description = v })
        {
            Reload = ReloadClass.None, Summary = "For people.",
        },
        new Field<PeerSettings, ushort>("port", PeerKinds.Port, p => p.Port, (p, v) => p with { Port = v })
        {
            Reload = ReloadClass.Reset, Summary = "The neighbor's TCP port.",
        },
        new Field<PeerSettings, Asn?>("localAsn", new OptionalValueKind<Asn>(NetworkKinds.Asn), p => p.LocalAsn, (p, v) => p with { LocalAsn = v })
        {
            Reload = ReloadClass.Reset, Summary = "The AS number that we show to this neighbor of another AS instead of the router's, in a confederation instead of the confederation's.",
        },
        new Field<PeerSettings, LocalAsnMode>("localAsnMode", LocalAsnModes, p => p.LocalAsnMode, (p, v) => p with { LocalAsnMode = v })
        {
            Reload = ReloadClass.Reset,
            Summary = "What `localAsn` does to AS paths. `prepend`: it stands in received paths, and in announced ones before the router's; `no-prepend`: not in received ones; `replace`: besides, in announced ones instead of the router's.",
        },
        new Field<PeerSettings, IpAddress?>(
            "localAddress", new OptionalValueKind<IpAddress>(PeerKinds.LocalAddress), p => p.LocalAddress, (p, v) => p with { LocalAddress = v })
        {
            Reload = ReloadClass.Reset, DefaultText = "as the kernel routes", Summary = "Our address on this session.",
        },
    ];

    private static IEnumerable<Field<PeerSettings>> Session() =>
    [
        new Field<PeerSettings, bool>("passive", Kinds.Bool, p => p.Passive, (p, v) => p with { Passive = v })
        {
            Reload = ReloadClass.None, Summary = "Never connect, only accept.",
        },
        new Field<PeerSettings, bool>("shutdown", Kinds.Bool, p => p.Shutdown, (p, v) => p with { Shutdown = v })
        {
            Reload = ReloadClass.Reset, Summary = "Administratively down.",
        },
        new Field<PeerSettings, string?>(
            "shutdownMessage", new OptionalKind<string>(Kinds.Line), p => p.ShutdownMessage, (p, v) => p with { ShutdownMessage = v })
        {
            Reload = ReloadClass.None, Summary = "What the neighbor is told with the shutdown (RFC 9003).",
        },
        new Field<PeerSettings, TimeSpan>("holdTime", DurationKind.Seconds(3, 65535, zero: true), p => p.HoldTime, (p, v) => p with { HoldTime = v })
        {
            Reload = ReloadClass.Reset, Summary = "How long silence is borne; the lesser of both sides' counts. 0s is for ever, without keepalives.",
        },
        new Field<PeerSettings, TimeSpan?>(
            "keepalive", new OptionalValueKind<TimeSpan>(DurationKind.Seconds(1, 65534)), p => p.Keepalive, (p, v) => p with { Keepalive = v })
        {
            Reload = ReloadClass.Reset, DefaultText = "a third of the negotiated hold time", Summary = "How often we send a keepalive; less than the hold time.",
        },
        new Field<PeerSettings, TimeSpan?>(
            "sendHoldTime", new OptionalValueKind<TimeSpan>(DurationKind.Seconds(4, 604800, zero: true)),
            p => p.SendHoldTime, (p, v) => p with { SendHoldTime = v })
        {
            Reload = ReloadClass.None, DefaultText = "the greater of 480s and twice the hold time", Summary = "How long a neighbor may take nothing that we send (RFC 9687); 0s is for ever.",
        },
        new Field<PeerSettings, TimeSpan>("connectRetry", DurationKind.Seconds(1, 65535), p => p.ConnectRetry, (p, v) => p with { ConnectRetry = v })
        {
            Reload = ReloadClass.None, Summary = "The pause between attempts to connect.",
        },
    ];

    private static IEnumerable<Field<PeerSettings>> Capabilities() =>
    [
        new Field<PeerSettings, EquatableArray<FamilySettings>?>(
            "families", new OptionalValueKind<EquatableArray<FamilySettings>>(new FamiliesKind()), p => p.Families, (p, v) => p with { Families = v })
        {
            Reload = ReloadClass.Reset, DefaultText = "the family of the address; both with `interface`", Summary = "What is exchanged: `[ipv4-unicast, ipv6-unicast]`, or a map with settings of each family.",
        },
        new Field<PeerSettings, AddPathsSettings>(
            "addPaths", new RecordKind<AddPathsSettings>(AddPaths), p => p.AddPaths, (p, v) => p with { AddPaths = v })
        {
            Reload = ReloadClass.Reset, Summary = "Several paths of a prefix (RFC 7911).",
        },
        new Field<PeerSettings, bool>("extendedNextHop", Kinds.Bool, p => p.ExtendedNextHop, (p, v) => p with { ExtendedNextHop = v })
        {
            Reload = ReloadClass.Reset, Summary = "IPv4 routes with IPv6 next hops (RFC 8950), offered on IPv6 transport when both families are on.",
        },
        new Field<PeerSettings, bool>("extendedMessages", Kinds.Bool, p => p.ExtendedMessages, (p, v) => p with { ExtendedMessages = v })
        {
            Reload = ReloadClass.Reset, Summary = "Messages of up to 65535 bytes (RFC 8654).",
        },
        new Field<PeerSettings, BgpRole?>("role", new OptionalValueKind<BgpRole>(Role), p => p.Role, (p, v) => p with { Role = v })
        {
            Reload = ReloadClass.Reset, Summary = "Our role on an eBGP session (RFC 9234): routes that leak are not used, and marked with ONLY_TO_CUSTOMER where the role asks for it. Where the neighbor tells its role and it is not the counterpart (provider and customer, rs and rs-client, peer and peer), no session comes up: OPEN Message Error, Role Mismatch. iBGP has no roles.",
        },
        new Field<PeerSettings, bool>("roleStrict", Kinds.Bool, p => p.RoleStrict, (p, v) => p with { RoleStrict = v })
        {
            Reload = ReloadClass.Reset, Summary = "No session without a role on the other side.",
        },
        new Field<PeerSettings, GracefulRestartSettings?>(
            "gracefulRestart", new OptionalKind<GracefulRestartSettings>(new RecordKind<GracefulRestartSettings>(CommonTables.GracefulRestart)), p => p.GracefulRestart, (p, v) => p with { GracefulRestart = v })
        {
            // As with the router's.
            Reload = ReloadClass.Reset, ReloadBetween = static (_, _) => ReloadClass.None, Support = Support.Partly, Refuses = static value => value is { Enabled: true }, DescribesInside = false,
            DefaultText = "the router's", Summary = "Overrides the router's; this build takes only `{enabled: false}`.",
        },
        new Field<PeerSettings, BfdSettings?>(
            "bfd", new OptionalKind<BfdSettings>(new RecordKind<BfdSettings>(Bfd)), p => p.Bfd, (p, v) => p with { Bfd = v })
        {
            Reload = ReloadClass.None, Support = Support.NotYet, Summary = "Bidirectional forwarding detection (RFC 5880); `{}` is on with the defaults inside.",
        },
    ];

    private static IEnumerable<Field<PeerSettings>> Transport() =>
    [
        new Field<PeerSettings, int?>("multihop", new OptionalValueKind<int>(Kinds.Int(1, 255)), p => p.Multihop, (p, v) => p with { Multihop = v })
        {
            Reload = ReloadClass.Reset, Summary = "The TTL of an eBGP session that crosses routers; without it 1.",
        },
        new Field<PeerSettings, int?>(
            "ttlSecurity", new OptionalValueKind<int>(Kinds.Int(1, 254)), p => p.TtlSecurity, (p, v) => p with { TtlSecurity = v })
        {
            Reload = ReloadClass.Reset, Summary = "Take packets only from at most this many hops away (GTSM, RFC 5082); not together with `multihop`.",
        },
        new Field<PeerSettings, Secret?>("password", new OptionalKind<Secret>(PeerKinds.Password), p => p.Password, (p, v) => p with { Password = v })
        {
            Reload = ReloadClass.Reset, Summary = "TCP MD5 key (RFC 2385), 1 to 80 bytes; never printed.",
        },
        new Field<PeerSettings, PasswordFile?>(
            "passwordFile", new OptionalKind<PasswordFile>(new PasswordFileKind()), p => p.PasswordFile, (p, v) => p with { PasswordFile = v })
        {
            Reload = ReloadClass.Reset, Summary = "A file whose text is the key, read when the configuration is loaded; relative to this file's folder.",
        },
    ];

    private static IEnumerable<Field<PeerSettings>> Routes() =>
    [
        new Field<PeerSettings, bool>("routeReflectorClient", Kinds.Bool, p => p.RouteReflectorClient, (p, v) => p with { RouteReflectorClient = v })
        {
            Reload = ReloadClass.Refresh, Summary = "We reflect iBGP routes to and from it (RFC 4456).",
        },
        new Field<PeerSettings, RouterId?>(
            "clusterId", new OptionalValueKind<RouterId>(NetworkKinds.RouterId), p => p.ClusterId, (p, v) => p with { ClusterId = v })
        {
            Reload = ReloadClass.Refresh, DefaultText = "the router's", Summary = "The cluster that it is a client in, with `routeReflectorClient`.",
        },
        new Field<PeerSettings, bool>("routeServerClient", Kinds.Bool, p => p.RouteServerClient, (p, v) => p with { RouteServerClient = v })
        {
            Reload = ReloadClass.Refresh,
            Summary = "We are its route server (RFC 7947): routes of other clients reach it with their AS path, next hop and MED as they are, and a route that it may not have does not hide the next best.",
        },
        new Field<PeerSettings, NextHopMode>("nextHop", NextHop, p => p.NextHop, (p, v) => p with { NextHop = v })
        {
            Reload = ReloadClass.Refresh,
            Summary = "`auto`: iBGP keeps the next hop, and so do the members of a confederation among them; single-hop eBGP keeps a third party's on the shared subnet, else ours; multihop eBGP ours. `self`: ours, but not for reflected routes. "
                + "`self-all`: ours for all. `keep`: as received.",
        },
        new Field<PeerSettings, AddressPair>(
            "nextHopAddress", CommonTables.AddressPairKind, p => p.NextHopAddress, (p, v) => p with { NextHopAddress = v })
        {
            Reload = ReloadClass.Refresh, DescribesInside = false, Summary = "Our next hop by family, `{ipv4, ipv6}`, where the session's address has another.",
        },
        new Field<PeerSettings, int>("allowLocalAs", Kinds.Int(0, 255), p => p.AllowLocalAs, (p, v) => p with { AllowLocalAs = v })
        {
            Reload = ReloadClass.Refresh, Summary = "How often our own AS number may stand in a received path. In a confederation both of our numbers count, each where it is ours.",
        },
        new Field<PeerSettings, bool>("asOverride", Kinds.Bool, p => p.AsOverride, (p, v) => p with { AsOverride = v })
        {
            Reload = ReloadClass.Refresh, Summary = "Replace the neighbor's AS number in announced paths by ours.",
        },
        new Field<PeerSettings, bool>("enforceFirstAs", Kinds.Bool, p => p.EnforceFirstAs, (p, v) => p with { EnforceFirstAs = v })
        {
            Reload = ReloadClass.Refresh, Summary = "eBGP and between the members of a confederation: a received path must begin with the neighbor's AS; turn it off towards route servers.",
        },
        new Field<PeerSettings, RemovePrivateAsMode>(
            "removePrivateAs", RemovePrivateAs, p => p.RemovePrivateAs, (p, v) => p with { RemovePrivateAs = v })
        {
            Reload = ReloadClass.Refresh, Summary = "Private AS numbers (RFC 6996) in paths announced to another AS: `true` removes them where there are no others, `all` everywhere, `replace` puts ours in their place. The neighbor's own stays.",
        },
        new Field<PeerSettings, DefaultOriginate?>(
            "defaultOriginate", new DefaultOriginateKind(), p => p.DefaultOriginate, (p, v) => p with { DefaultOriginate = v })
        {
            Reload = ReloadClass.Refresh, Summary = "Announce a default route of each family to this neighbor alone, always or `{ifPresent: PREFIX}`; `exportPolicy` does not apply to it.",
        },
        new Field<PeerSettings, MaxPrefixesSettings>(
            "maxPrefixes", new RecordKind<MaxPrefixesSettings>(MaxPrefixes), p => p.MaxPrefixes, (p, v) => p with { MaxPrefixes = v })
        {
            Reload = ReloadClass.None, Summary = "A bound on what the neighbor may announce.",
        },
        new Field<PeerSettings, EquatableArray<string>>(
            "importPolicy", CommonTables.PolicyNames, p => p.ImportPolicy, (p, v) => p with { ImportPolicy = v })
        {
            Reload = ReloadClass.Refresh, Summary = "Policies for received routes, in order.",
        },
        new Field<PeerSettings, EquatableArray<string>>(
            "exportPolicy", CommonTables.PolicyNames, p => p.ExportPolicy, (p, v) => p with { ExportPolicy = v })
        {
            Reload = ReloadClass.Refresh, Summary = "Policies for announced routes, in order.",
        },
    ];
}
