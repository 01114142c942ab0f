using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>The section <c>router</c>.</summary>
internal static class RouterTable
{
    private static readonly SchemaTable<MultipathConfig> Multipath = new(
        "multipath",
        new MultipathConfig(16, 16),
        [
            new Field<MultipathConfig, int>("ebgp", Kinds.Int(1, 128), m => m.Ebgp, (m, v) => m with { Ebgp = v })
            {
                Reload = ReloadClass.Refresh, Summary = "How many equal eBGP paths share the traffic of a prefix; 1 is no multipath.",
            },
            new Field<MultipathConfig, int>("ibgp", Kinds.Int(1, 128), m => m.Ibgp, (m, v) => m with { Ibgp = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The same for iBGP paths.",
            },
        ]);

    private static readonly SchemaTable<BestPathConfig> BestPath = new(
        "bestPath",
        new BestPathConfig(false, false),
        [
            new Field<BestPathConfig, bool>("alwaysCompareMed", Kinds.Bool, b => b.AlwaysCompareMed, (b, v) => b with { AlwaysCompareMed = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Compare MED also between paths from different neighboring ASes.",
            },
            new Field<BestPathConfig, bool>("missingMedWorst", Kinds.Bool, b => b.MissingMedWorst, (b, v) => b with { MissingMedWorst = v })
            {
                Reload = ReloadClass.Refresh, Summary = "A path without MED loses against any MED; else it counts as 0.",
            },
        ]);

    private static readonly SchemaTable<Confederation> Confederations = new(
        "confederation",
        new Confederation(),
        [
            new Field<Confederation, Asn>("id", NetworkKinds.Asn, c => c.Id, (c, v) => c with { Id = v })
            {
                Required = true,
                Reload = ReloadClass.Reset,
                Summary = "The AS number that the confederation shows outside (RFC 5065): with it we speak to neighbors that are not in it.",
            },
            new Field<Confederation, EquatableArray<Asn>>(
                "members", new ListKind<Asn>(NetworkKinds.Asn, static asn => $"AS {asn}"), c => c.Members, (c, v) => c with { Members = v })
            {
                Reload = ReloadClass.Reset,
                Summary = "The other member ASes; our own, `router.asn`, may be among them. A change resets the neighbors of the ASes that it adds or removes.",
            },
        ]);

    public static readonly SchemaTable<RouterSettings> Table = new(
        "router",
        new RouterSettings(),
        [
            new Field<RouterSettings, Asn>("asn", NetworkKinds.Asn, r => r.Asn, (r, v) => r with { Asn = v })
            {
                Required = true, Reload = ReloadClass.Reset, Summary = "Our AS number, asplain (`4200000000`) or asdot (`64086.59904`).",
            },
            new Field<RouterSettings, RouterId?>(
                "routerId", new OptionalValueKind<RouterId>(NetworkKinds.RouterId), r => r.RouterId, (r, v) => r with { RouterId = v })
            {
                Reload = ReloadClass.Reset,
                DefaultText = "one of the host's addresses",
                Summary = "Our BGP identifier. Left out, it is the source address of the default route, else of the route to the first neighbor, never of a bridge or workload device.",
            },
            new Field<RouterSettings, RouterId?>(
                "clusterId", new OptionalValueKind<RouterId>(NetworkKinds.RouterId), r => r.ClusterId, (r, v) => r with { ClusterId = v })
            {
                Reload = ReloadClass.Refresh, DefaultText = "the router id", Summary = "Our cluster id as a route reflector (RFC 4456): that of all clients without a `clusterId` of their own.",
            },
            new Field<RouterSettings, bool>("clientToClient", Kinds.Bool, r => r.ClientToClient, (r, v) => r with { ClientToClient = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Whether a reflector passes routes from client to client of one cluster.",
            },
            new Field<RouterSettings, EquatableArray<ListenEndpoint>>(
                "listen", new ListKind<ListenEndpoint>(NetworkKinds.Endpoint, static endpoint => endpoint.ToString()), r => r.Listen, (r, v) => r with { Listen = v })
            {
                Reload = ReloadClass.Listener, Summary = "Where sessions are accepted. `[]` accepts none: every session is then opened by us.",
            },
            new Field<RouterSettings, uint>(
                "defaultLocalPref", Kinds.UInt(0, uint.MaxValue), r => r.DefaultLocalPref, (r, v) => r with { DefaultLocalPref = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The LOCAL_PREF of routes that came without one.",
            },
            new Field<RouterSettings, MultipathConfig>(
                "multipath", new RecordKind<MultipathConfig>(Multipath), r => r.Multipath, (r, v) => r with { Multipath = v })
            {
                Reload = ReloadClass.Refresh, Summary = "How many equal paths share the traffic of a prefix.",
            },
            new Field<RouterSettings, BestPathConfig>(
                "bestPath", new RecordKind<BestPathConfig>(BestPath), r => r.BestPath, (r, v) => r with { BestPath = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Knobs of the decision (RFC 4271 §9.1.2.2).",
            },
            new Field<RouterSettings, bool>("ebgpRequiresPolicy", Kinds.Bool, r => r.EbgpRequiresPolicy, (r, v) => r with { EbgpRequiresPolicy = v })
            {
                Reload = ReloadClass.Refresh, Summary = "An eBGP neighbor without policies neither sends nor gets routes (RFC 8212); `false` accepts and announces all.",
            },
            new Field<RouterSettings, Confederation?>(
                "confederation", new OptionalKind<Confederation>(new RecordKind<Confederation>(Confederations)), r => r.Confederation, (r, v) => r with { Confederation = v })
            {
                Reload = ReloadClass.Reset, Summary = "Be a member of a confederation (RFC 5065). `router.asn` is then our member AS, which only its members see.",
            },
            new Field<RouterSettings, GracefulRestartSettings>(
                "gracefulRestart", new RecordKind<GracefulRestartSettings>(CommonTables.GracefulRestart), r => r.GracefulRestart, (r, v) => r with { GracefulRestart = v })
            {
                Reload = ReloadClass.Reset, Support = Support.Partly, Summary = "Graceful restart (RFC 4724).",
            },
        ]);
}
