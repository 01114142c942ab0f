using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bgp.Interop.Tests;

/// <summary>
/// FRR's bgpd, with a zebra of its own: without one it knows no interfaces, and refuses IPv6 routes that come with a link-local next hop.
/// Sockets and pid files are in the host's folder. Originated routes are networks with a route map each.
/// </summary>
internal sealed partial class FrrPeer : IMeasuredPeer
{
    private const string Package = "frr";
    private const string Daemons = "/usr/lib/frr";

    private readonly uint _asn;
    private readonly Confederation? _confederation;
    private readonly IReadOnlyList<Session> _sessions;
    private readonly Originated _originated = new();
    private readonly string _folder;
    private readonly ChildProcess _zebra;
    private readonly ChildProcess _bgpd;

    public FrrPeer(Host host, uint asn, params IReadOnlyList<Session> sessions)
        : this(host, asn, null, sessions)
    {
    }

    /// <param name="host">Where it runs.</param>
    /// <param name="asn">Its AS number, in a confederation that of its member AS.</param>
    /// <param name="confederation">What it is a member of.</param>
    /// <param name="sessions">Its neighbors.</param>
    public FrrPeer(Host host, uint asn, Confederation? confederation, params IReadOnlyList<Session> sessions)
    {
        Command.Require("bgpd", Package, Daemons);
        Command.Require("vtysh", Package);
        Host = host;
        _asn = asn;
        _confederation = confederation;
        _sessions = sessions;
        _folder = Path.Combine(host.Folder, "frr");
        // The daemons give up root for this user, and then make their sockets.
        Command.Run("install", "-d", "-o", "frr", "-g", "frr", _folder);
        File.WriteAllText(Path.Combine(_folder, "zebra.conf"), "");
        File.WriteAllText(Path.Combine(_folder, "bgpd.conf"), Configuration());
        _zebra = Start("zebra");
        _bgpd = Start("bgpd", sessions.Any(session => session.ToKernel) ? [] : ["--no_kernel"]);
    }

    public Host Host { get; }

    private string LogFile => Path.Combine(_folder, "bgpd.log");

    public void Announce(params IEnumerable<Route> routes)
    {
        var (gone, come) = _originated.Replace([.. routes], route => string.Join('\n', RouteMap(route)));
        Configure([.. gone.SelectMany(Forget), .. come.SelectMany(RouteMap), .. come.SelectMany(Network)]);
    }

    public bool IsEstablished(Host neighbor) => Neighbor(neighbor).GetProperty("bgpState").GetString() == "Established";

    public string Incarnation(Host neighbor) => Neighbor(neighbor).GetProperty("connectionsEstablished").ToString();

    public string? LastError(Host neighbor) => NotificationsFrom(neighbor).LastOrDefault(text => !text.Contains("Collision", StringComparison.OrdinalIgnoreCase));

    public Route? Received(string prefix, Host neighbor) => FrrOutput.Route(
        prefix, AddressOf(neighbor), JsonElement.Parse(Ask($"show bgp {NameOf(new Route(prefix).Family)} unicast {prefix} json")));

    public IReadOnlyList<Route> ReceivedPaths(string prefix, Host neighbor) => FrrOutput.Paths(
        prefix, AddressOf(neighbor), JsonElement.Parse(Ask($"show bgp {NameOf(new Route(prefix).Family)} unicast {prefix} json")));

    public void Reset(Host neighbor) => Ask($"clear bgp {AddressOf(neighbor)}");

    public void RequestRefresh(Host neighbor)
    {
        foreach (var family in Enum.GetValues<Family>())
        {
            Ask($"clear bgp {NameOf(family)} unicast {AddressOf(neighbor)} in");
        }
    }

    public int UpdatesReceived(Host neighbor) => Neighbor(neighbor).GetProperty("messageStats").GetProperty("updatesRecv").GetInt32();

    public int UpdatesSent(Host neighbor) => Neighbor(neighbor).GetProperty("messageStats").GetProperty("updatesSent").GetInt32();

    public int RefreshesReceived(Host neighbor) => Neighbor(neighbor).GetProperty("messageStats").GetProperty("routeRefreshRecv").GetInt32();

    public IReadOnlyList<string> NotificationsFrom(Host neighbor) =>
    [
        .. Notification().Matches(File.ReadAllText(LogFile))
            .Where(match => match.Groups["address"].Value == AddressOf(neighbor))
            .Select(match => match.Groups["error"].Value)
    ];

    public void Disable(Host neighbor, string message) => Configure([$"router bgp {_asn}", $"neighbor {AddressOf(neighbor)} shutdown message {message}"]);

    public void Retry(Host neighbor)
    {
        Configure([$"router bgp {_asn}", $"no neighbor {AddressOf(neighbor)} shutdown"]);
        Reset(neighbor);
    }

    public int DemarcationsReceived(Host neighbor) => Demarcations("rcvd", neighbor);

    public int DemarcationsSent(Host neighbor) => Demarcations("sending", neighbor);

    public void Freeze() => _bgpd.Freeze();

    public void Thaw() => _bgpd.Thaw();

    public void Dispose()
    {
        _bgpd.Dispose();
        _zebra.Dispose();
    }

    private int Demarcations(string direction, Host neighbor) => File.ReadLines(LogFile)
        .Count(line => Regex.IsMatch(line, $@"{Regex.Escape(AddressOf(neighbor))}\S* {direction} route-refresh \((BoRR|EoRR)\)"));

    private ChildProcess Start(string daemon, params IEnumerable<string> options)
    {
        var process = Host.Namespace.Start(
            Path.Combine(Daemons, daemon), ["-f", Path.Combine(_folder, daemon + ".conf"), "-i", Path.Combine(_folder, daemon + ".pid"),
            "-z", Path.Combine(_folder, "zserv.api"), "--vty_socket", _folder, .. options]);
        Eventually.Holds($"{daemon} answers", () => !process.IsRunning
            ? throw new AssertionException($"{daemon} ended: {process.Output}")
            : Command.Try("vtysh", "--vty_socket", _folder, "-d", daemon, "-c", "show version").ExitCode == 0);
        return process;
    }

    private string AddressOf(Host neighbor) => _sessions.Single(session => session.Neighbor == neighbor).NeighborAddress;

    private JsonElement Neighbor(Host neighbor) =>
        JsonElement.Parse(Ask($"show bgp neighbors {AddressOf(neighbor)} json")).GetProperty(AddressOf(neighbor));

    private string Ask(string command) => Command.Run("vtysh", "--vty_socket", _folder, "-d", "bgpd", "-c", command);

    private void Configure(IReadOnlyList<string> lines)
    {
        var output = Command.Run(
            "vtysh", ["--vty_socket", _folder, "-d", "bgpd", "-c", "configure terminal", .. lines.SelectMany(line => new[] { "-c", line })]);
        // It complains on its standard output, and ends with 0 all the same.
        if (output.Contains('%'))
        {
            throw new InvalidOperationException($"vtysh: {output}");
        }
    }

    private string Configuration()
    {
        var text = new StringBuilder($$"""
            log file {{LogFile}}
            debug bgp neighbor-events
            router bgp {{_asn}}
             bgp router-id {{Host.IPv4}}
             bgp log-neighbor-changes
             no bgp ebgp-requires-policy
             no bgp network import-check
             no bgp default ipv4-unicast

            """);
        if (_confederation is { } confederation)
        {
            text.AppendLine($" bgp confederation identifier {confederation.Id}").AppendLine($" bgp confederation peers {string.Join(' ', confederation.Members)}");
        }

        if (_sessions.Select(session => session.ClusterId).FirstOrDefault(id => id is not null) is { } cluster)
        {
            text.AppendLine($" bgp cluster-id {cluster}");
        }

        foreach (var session in _sessions)
        {
            text.AppendLine($$"""
                 neighbor {{session.NeighborAddress}} remote-as {{session.NeighborAsn}}
                 neighbor {{session.NeighborAddress}} timers {{session.HoldTime / 3}} {{session.HoldTime}}
                 neighbor {{session.NeighborAddress}} timers connect 1
                """);
            Settings(session).ToList().ForEach(setting => text.AppendLine($" neighbor {session.NeighborAddress} {setting}"));
            if (!session.FourOctetAs)
            {
                // There is no way to leave out this capability alone.
                text.AppendLine($" neighbor {session.NeighborAddress} dont-capability-negotiate");
            }

            foreach (var family in session.FourOctetAs ? Enum.GetValues<Family>() : [Family.IPv4])
            {
                text.AppendLine($$"""
                     address-family {{NameOf(family)}} unicast
                      neighbor {{session.NeighborAddress}} activate
                    """);
                FamilySettings(session).ToList().ForEach(setting => text.AppendLine($"  neighbor {session.NeighborAddress} {setting}"));
                text.AppendLine(" exit-address-family");
            }
        }

        return text.ToString();
    }

    private static IEnumerable<string> Settings(Session session)
    {
        if (session.Password is { } password)
        {
            yield return $"password {password}";
        }

        if (session.TtlSecurity)
        {
            yield return "ttl-security hops 1";
        }

        if (session.Role is { } role)
        {
            yield return $"local-role {role.ToString().ToLowerInvariant()} strict-mode";
        }

        if (session.ExtendedNextHop)
        {
            yield return "capability extended-nexthop";
        }
    }

    private static IEnumerable<string> FamilySettings(Session session)
    {
        if (session.IsClient)
        {
            yield return "route-reflector-client";
        }

        if (session.IsRouteServerClient)
        {
            yield return "route-server-client";
        }

        if (session.DefaultOriginate)
        {
            yield return "default-originate";
        }

        if (session.AddPaths)
        {
            yield return "addpath-tx-all-paths";
        }

        if (session.MaxPrefixes is { } limit)
        {
            yield return $"maximum-prefix {limit}";
        }
    }

    private IEnumerable<string> Network(Route route) =>
        [$"router bgp {_asn}", $"address-family {NameOf(route.Family)} unicast", $"network {route.Prefix} route-map {MapOf(route)}", "exit-address-family", "exit"];

    private IEnumerable<string> Forget(Route route) =>
        [$"router bgp {_asn}", $"address-family {NameOf(route.Family)} unicast", $"no network {route.Prefix}", "exit-address-family", "exit", $"no route-map {MapOf(route)}"];

    private static IEnumerable<string> RouteMap(Route route)
    {
        yield return $"route-map {MapOf(route)} permit 10";
        yield return $"set origin {route.Origin}";
        if (route.AsPath.Length > 0)
        {
            yield return $"set as-path prepend {route.AsPath}";
        }

        if (route.Med is { } med)
        {
            yield return $"set metric {med}";
        }

        if (route.LocalPref is { } localPref)
        {
            yield return $"set local-preference {localPref}";
        }

        if (route.Communities.Count > 0)
        {
            yield return $"set community {string.Join(' ', route.Communities)}";
        }

        foreach (var community in route.ExtendedCommunities)
        {
            yield return $"set extcommunity {community.Replace("rt:", "rt ", StringComparison.Ordinal).Replace("soo:", "soo ", StringComparison.Ordinal)}";
        }

        // A line of its command has a limit.
        foreach (var (at, communities) in route.LargeCommunities.Chunk(100).Index())
        {
            yield return "on-match next";
            yield return $"route-map {MapOf(route)} permit {20 + at}";
            yield return $"set large-community {string.Join(' ', communities)} additive";
        }

        yield return "exit";
    }

    private static string MapOf(Route route) => "of-" + route.Prefix;

    private static string NameOf(Family family) => family == Family.IPv4 ? "ipv4" : "ipv6";

    [GeneratedRegex(@"%NOTIFICATION: received from neighbor (?<address>\S+) (?<error>.*)")]
    private static partial Regex Notification();
}
