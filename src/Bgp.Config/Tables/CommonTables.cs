using Bgp.Protocol;

namespace Bgp.Config;

/// <summary>Tables and kinds that several parts of the file share.</summary>
internal static class CommonTables
{
    public static readonly ValueKind<string> PolicyName = new ReferenceKind(NameSpace.Policy, "the name of a policy");

    public static readonly ValueKind<EquatableArray<string>> PolicyNames = new ListKind<string>(PolicyName);

    public static readonly ValueKind<AddressPair> AddressPairKind = new RecordKind<AddressPair>(new SchemaTable<AddressPair>(
        "a pair of addresses",
        new AddressPair(),
        [
            new Field<AddressPair, IpAddress?>(
                "ipv4", new OptionalValueKind<IpAddress>(NetworkKinds.Ipv4Address), p => p.Ipv4, (p, v) => p with { Ipv4 = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The IPv4 address.",
            },
            new Field<AddressPair, IpAddress?>(
                "ipv6", new OptionalValueKind<IpAddress>(NetworkKinds.Ipv6Address), p => p.Ipv6, (p, v) => p with { Ipv6 = v })
            {
                Reload = ReloadClass.Refresh, Summary = "The IPv6 address.",
            },
        ]));

    public static readonly SchemaTable<GracefulRestartSettings> GracefulRestart = new(
        "gracefulRestart",
        new GracefulRestartSettings(),
        [
            new Field<GracefulRestartSettings, bool>("enabled", Kinds.Bool, g => g.Enabled, (g, v) => g with { Enabled = v })
            {
                // No session offers it yet, so that none is reset by it.
                Reload = ReloadClass.Reset, ReloadBetween = static (_, _) => ReloadClass.None, Support = Support.Partly,
                Summary = "Keep a restarting peer's routes, and offer the same to it (RFC 4724). This build does neither yet: `false` may be written, and `true`, which is the default of builds that do, only left out.",
            },
            new Field<GracefulRestartSettings, TimeSpan>(
                "restartTime", DurationKind.Seconds(0, 4095), g => g.RestartTime, (g, v) => g with { RestartTime = v })
            {
                Reload = ReloadClass.Reset, Support = Support.NotYet, Summary = "How long our restart may take.",
            },
            new Field<GracefulRestartSettings, TimeSpan>(
                "staleTime", DurationKind.Seconds(1, 86400), g => g.StaleTime, (g, v) => g with { StaleTime = v })
            {
                Reload = ReloadClass.Reset, Support = Support.NotYet, Summary = "How long a restarting peer's routes are kept at most.",
            },
            new Field<GracefulRestartSettings, TimeSpan>(
                "longLived", DurationKind.Seconds(0, 16777215), g => g.LongLived, (g, v) => g with { LongLived = v })
            {
                Reload = ReloadClass.Reset, Support = Support.NotYet, Summary = "Long-lived stale time (RFC 9494); 0s is off.",
            },
        ]);
}
