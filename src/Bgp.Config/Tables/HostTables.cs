namespace Bgp.Config;

/// <summary>The sections <c>fib</c>, <c>api</c>, <c>telemetry</c> and <c>log</c>.</summary>
internal static class HostTables
{
    public static readonly SchemaTable<FibSettings> Fib = new(
        "fib",
        new FibSettings(),
        [
            new Field<FibSettings, bool>("enabled", Kinds.Bool, f => f.Enabled, (f, v) => f with { Enabled = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Write best routes into the kernel.",
            },
            new Field<FibSettings, uint>("table", Kinds.UInt(1, uint.MaxValue), f => f.Table, (f, v) => f with { Table = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The kernel's routing table; 254 is `main`.",
            },
            new Field<FibSettings, FibMetric>("metric", HostKinds.Metric, f => f.Metric, (f, v) => f with { Metric = v })
            {
                Reload = ReloadClass.Refresh,
                Summary = "The metric of installed routes that no policy gives another one. `complementOfLocalPref` is 2147483647 − LOCAL_PREF for neighbors' routes, at least 1, and 1024 for our own.",
            },
            new Field<FibSettings, byte>("protocol", HostKinds.RouteProtocol, f => f.Protocol, (f, v) => f with { Protocol = v })
            {
                Reload = ReloadClass.Refresh, Summary = "How our routes are marked in the kernel: `bgp` (186), `bird` (12) or a number. Routes of this table and protocol are taken to be ours.",
            },
            new Field<FibSettings, AddressPair>(
                "sourceAddress", new SourceAddressKind(), f => f.SourceAddress, (f, v) => f with { SourceAddress = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The preferred source of installed routes: an address, or `{ipv4: …, ipv6: …}`.",
            },
            new Field<FibSettings, EquatableArray<string>>("policy", CommonTables.PolicyNames, f => f.Policy, (f, v) => f with { Policy = v })
            {
                Reload = ReloadClass.Refresh, Summary = "Policies that decide which of the neighbors' best routes go into the kernel; without one all do. Blackholes of own networks are not asked about.",
            },
            new Field<FibSettings, bool>(
                "nexthopObjects", Kinds.OneOf(("auto", true), ("off", false)), f => f.NexthopObjects, (f, v) => f with { NexthopObjects = v })
            {
                Reload = ReloadClass.Refresh, Summary = "`auto` lets routes share nexthop objects of the kernel; `off` writes each gateway into the route.",
            },
        ]);

    public static readonly SchemaTable<ApiSettings> Api = new(
        "api",
        new ApiSettings(),
        [
            new Field<ApiSettings, string>("socket", HostKinds.SocketPath, a => a.Socket, (a, v) => a with { Socket = v })
            {
                Reload = ReloadClass.Listener, Summary = "The control socket, mode 0600.",
            },
            new Field<ApiSettings, ListenEndpoint?>(
                "http", new OptionalValueKind<ListenEndpoint>(NetworkKinds.Endpoint), a => a.Http, (a, v) => a with { Http = v })
            {
                Reload = ReloadClass.Listener, Support = Support.NotYet, Summary = "Where metrics, health and the read-only JSON API are served.",
            },
        ]);

    public static readonly SchemaTable<TelemetrySettings> Telemetry = new(
        "telemetry",
        new TelemetrySettings(),
        [
            new Field<TelemetrySettings, string?>("otlp", new OptionalKind<string>(HostKinds.Url), t => t.Otlp, (t, v) => t with { Otlp = v })
            {
                Reload = ReloadClass.None, Support = Support.NotYet, Summary = "An OTLP endpoint.",
            },
        ]);

    public static readonly SchemaTable<LogSettings> Log = new(
        "log",
        new LogSettings(),
        [
            new Field<LogSettings, LogVerbosity>(
                "level",
                Kinds.OneOf(
                    ("trace", LogVerbosity.Trace), ("debug", LogVerbosity.Debug), ("info", LogVerbosity.Info), ("warn", LogVerbosity.Warn), ("error", LogVerbosity.Error)),
                l => l.Level,
                (l, v) => l with { Level = v })
            {
                Reload = ReloadClass.None, Summary = "The least level that is logged; single routes are `trace`.",
            },
            new Field<LogSettings, LogFormat>(
                "format", Kinds.OneOf(("text", LogFormat.Text), ("json", LogFormat.Json)), l => l.Format, (l, v) => l with { Format = v })
            {
                Reload = ReloadClass.None, Summary = "Lines for people, or a JSON object a line.",
            },
        ]);
}
