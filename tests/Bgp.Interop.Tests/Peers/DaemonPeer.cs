using System.Text;
using System.Text.Json;

namespace Bgp.Interop.Tests;

/// <summary>Our own daemon, as its users see it: a router file, a process, and the commands.</summary>
internal sealed class DaemonPeer : IPathPeer
{
    private static readonly string[] DefaultPolicies = ["importPolicy: [accept-all]", "exportPolicy: [accept-all]"];

    private readonly uint _asn;
    private readonly string _sections;
    private string _router;
    private readonly List<Session> _sessions;
    private readonly ChildProcess _process;
    private IReadOnlyList<Route> _announced = [];

    public DaemonPeer(Host host, uint asn, params IReadOnlyList<Session> sessions)
        : this(host, asn, "", sessions)
    {
    }

    /// <param name="host">Where it runs.</param>
    /// <param name="asn">Its AS number.</param>
    /// <param name="sections">More of the router file, such as policies.</param>
    /// <param name="sessions">Its neighbors.</param>
    public DaemonPeer(Host host, uint asn, string sections, params IReadOnlyList<Session> sessions)
        : this(host, asn, sections, "", sessions)
    {
    }

    /// <param name="host">Where it runs.</param>
    /// <param name="asn">Its AS number.</param>
    /// <param name="sections">More of the router file, such as policies.</param>
    /// <param name="router">One more field of the section <c>router</c>.</param>
    /// <param name="sessions">Its neighbors.</param>
    public DaemonPeer(Host host, uint asn, string sections, string router, params IReadOnlyList<Session> sessions)
    {
        Host = host;
        _asn = asn;
        _sections = sections;
        _router = router;
        _sessions = [.. sessions];
        File.WriteAllText(ConfigFile, Configuration());
        _process = OwnProgram.Start(host.Namespace, "run", "--config", ConfigFile);
        Eventually.Holds("bgp answers", () =>
            !_process.IsRunning ? throw new AssertionException($"bgp ended: {_process.Output}") : Try("show", "summary", "-o", "json").ExitCode == 0);
    }

    public Host Host { get; }

    /// <summary>What the daemon has logged.</summary>
    public string Log => _process.Output;

    private string ConfigFile => Path.Combine(Host.Folder, "router.yaml");

    private string Socket => Path.Combine(Host.Folder, "bgp.sock");

    public void Announce(params IEnumerable<Route> routes)
    {
        _announced = [.. routes];
        Reload();
    }

    /// <summary>One more neighbor; those that it has keep their sessions.</summary>
    public void Add(Session session)
    {
        _sessions.Add(session);
        Reload();
    }

    /// <summary>Another field of the section <c>router</c>.</summary>
    public void ChangeRouter(string field)
    {
        _router = field;
        Reload();
    }

    /// <summary>Other settings for a neighbor that it has.</summary>
    public void Change(Host neighbor, Func<Session, Session> change)
    {
        var at = _sessions.FindIndex(session => session.Neighbor == neighbor);
        _sessions[at] = change(_sessions[at]);
        Reload();
    }

    public bool IsEstablished(Host neighbor) => Neighbor(neighbor).GetProperty("state").GetString() == "Established";

    public string Incarnation(Host neighbor) => Neighbor(neighbor).GetProperty("flaps").ToString();

    public string? LastError(Host neighbor) => Neighbor(neighbor).GetProperty("lastError").GetString();

    public IReadOnlyList<string> NotificationsFrom(Host neighbor) =>
    [
        .. Log.Split('\n').Select(line => line.Split($"neighbor {AddressOf(neighbor)} is down: NotificationReceived: ", 2))
            .Where(parts => parts.Length == 2).Select(parts => parts[1])
    ];

    public Route? Received(string prefix, Host neighbor) => DaemonOutput.Route(
        Query("show", "routes", prefix, "--table", "adj-rib-in", "--neighbor", AddressOf(neighbor)));

    /// <summary>The best route after import, or null.</summary>
    public Route? Imported(string prefix) =>
        Query("show", "routes", prefix).EnumerateArray().Where(route => route.GetProperty("best").GetBoolean()).Select(route => DaemonOutput.Route(JsonElement.Parse($"[{route}]"))).FirstOrDefault();

    public IReadOnlyList<Route> ReceivedPaths(string prefix, Host neighbor) => DaemonOutput.Paths(
        Query("show", "routes", prefix, "--table", "adj-rib-in", "--neighbor", AddressOf(neighbor)));

    /// <summary>Why the paths that came from the neighbor are not the best one, null for one that is.</summary>
    public IReadOnlyList<string?> Reasons(string prefix, Host neighbor) =>
        [.. Query("show", "routes", prefix, "--table", "adj-rib-in", "--neighbor", AddressOf(neighbor)).EnumerateArray().Select(route => route.GetProperty("reason").GetString())];

    /// <summary>Shuts the neighbor down with a message for its operator (RFC 9003).</summary>
    public void Disable(Host neighbor, string message) => Ask("neighbor", AddressOf(neighbor), "disable", "-m", message);

    public void Enable(Host neighbor) => Ask("neighbor", AddressOf(neighbor), "enable");

    public void Reset(Host neighbor) => Ask("neighbor", AddressOf(neighbor), "reset");

    public void RequestRefresh(Host neighbor) => Ask("neighbor", AddressOf(neighbor), "refresh");

    public void Freeze() => _process.Freeze();

    public void Thaw() => _process.Thaw();

    public void Dispose() => _process.Dispose();

    public JsonElement Neighbor(Host neighbor) => Query("show", "neighbors").EnumerateArray()
        .Single(element => element.GetProperty("address").GetString() == AddressOf(neighbor));

    public JsonElement Summary() => Query("show", "summary");

    private void Reload()
    {
        File.WriteAllText(ConfigFile, Configuration());
        Ask("reload");
    }

    private static IEnumerable<string> Settings(Session session)
    {
        if (session is { IsClient: true, ClusterId: { } cluster })
        {
            yield return $"clusterId: {cluster}";
        }

        if (session.Password is { } password)
        {
            yield return $"password: {password}";
        }

        if (session.TtlSecurity)
        {
            yield return "ttlSecurity: 1";
        }

        if (session.Role is { } role)
        {
            yield return $"role: {role.ToString().ToLowerInvariant()}";
            yield return "roleStrict: true";
        }

        if (session.MaxPrefixes is { } limit)
        {
            yield return $"maxPrefixes: {{limit: {limit}, restartAfter: 1h}}";
        }

        if (session.IsRouteServerClient)
        {
            yield return "routeServerClient: true";
        }

        if (session.IsRouteServer)
        {
            yield return "enforceFirstAs: false";
        }
    }

    private string AddressOf(Host neighbor) => _sessions.Single(session => session.Neighbor == neighbor).NeighborAddress;

    private JsonElement Query(params IEnumerable<string> command) => JsonElement.Parse(Ask([.. command, "-o", "json"]));

    private string Ask(params IEnumerable<string> command) => OwnProgram.Run(Arguments(command));

    private (int ExitCode, string Output, string Error) Try(params IEnumerable<string> command) => OwnProgram.Try(Arguments(command));

    private IEnumerable<string> Arguments(IEnumerable<string> command) => [.. command, "--socket", Socket];

    private static string KeyOf(string option) => option.Split(':')[0];

    private string Configuration()
    {
        var text = new StringBuilder($$"""
            router:
              asn: {{_asn}}
              routerId: {{Host.IPv4}}
              {{_router}}
            api: {socket: {{Socket}}}
            networks:{{(_announced.Count == 0 ? " []" : "")}}

            """);
        foreach (var route in _announced)
        {
            if (route with { LargeCommunities = [] } != new Route(route.Prefix))
            {
                throw new ArgumentException($"{route}: networks are announced without attributes of their own but large communities");
            }

            text.AppendLine($"  - {{prefix: {route.Prefix}, set: {{addLargeCommunities: [{string.Join(", ", route.LargeCommunities.Select(community => $"\"{community}\""))}]}}}}");
        }

        text.AppendLine($"neighbors:{(_sessions.Count == 0 ? " []" : "")}");
        foreach (var session in _sessions)
        {
            text.AppendLine($$"""
                  - address: {{session.NeighborAddress}}
                    asn: {{session.NeighborAsn}}
                    families: [ipv4-unicast, ipv6-unicast]
                    holdTime: {{session.HoldTime}}s
                    connectRetry: 1s
                    routeReflectorClient: {{(session.IsClient ? "true" : "false")}}
                    addPaths: {{(session.AddPaths ? "{receive: true, send: all}" : "{}")}}
                """);
            foreach (var setting in Settings(session))
            {
                text.AppendLine($"    {setting}");
            }

            foreach (var option in session.Options.Concat(DefaultPolicies.Where(policy => !session.Options.Any(option => KeyOf(option) == KeyOf(policy)))))
            {
                text.AppendLine($"    {option}");
            }
        }

        return text.AppendLine(_sections).ToString();
    }
}
