using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bgp.Interop.Tests;

/// <summary>GoBGP: its API is on a Unix socket in the host's folder, and routes are originated by its command.</summary>
internal sealed partial class GoBgpPeer : IMeasuredPeer
{
    private readonly uint _asn;
    private readonly Confederation? _confederation;
    private readonly IReadOnlyList<Session> _sessions;
    private readonly Originated _originated = new();
    private readonly ChildProcess _process;

    public GoBgpPeer(Host host, uint asn, params IReadOnlyList<Session> sessions)
        : this(host, asn, null, sessions)
    {
    }

    /// <param name="host">Where it runs.</param>
    /// <param name="asn">Its AS number, in a confederation that of its member AS.</param>
    /// <param name="confederation">What it is a member of.</param>
    /// <param name="sessions">Its neighbors.</param>
    public GoBgpPeer(Host host, uint asn, Confederation? confederation, params IReadOnlyList<Session> sessions)
    {
        Command.Require("gobgpd", "gobgpd");
        Command.Require("gobgp", "gobgpd");
        Host = host;
        _asn = asn;
        _confederation = confederation;
        _sessions = sessions;
        File.WriteAllText(ConfigFile, Configuration());
        _process = host.Namespace.Start("gobgpd", "-f", ConfigFile, "--api-hosts", Socket, "--log-plain");
        Eventually.Holds("gobgpd answers", () => !_process.IsRunning
            ? throw new AssertionException($"gobgpd ended: {_process.Output}")
            : Command.Try("gobgp", "--target", Socket, "neighbor").ExitCode == 0);
    }

    public Host Host { get; }

    private string ConfigFile => Path.Combine(Host.Folder, "gobgpd.toml");

    private string Socket => "unix://" + Path.Combine(Host.Folder, "gobgp.sock");

    public void Announce(params IEnumerable<Route> routes)
    {
        var (gone, come) = _originated.Replace([.. routes], route => string.Join(' ', Arguments(route)));
        foreach (var route in gone)
        {
            Ask(["global", "rib", "del", "-a", NameOf(route.Family), route.Prefix]);
        }

        foreach (var route in come)
        {
            Ask(["global", "rib", "add", "-a", NameOf(route.Family), route.Prefix, .. Arguments(route).SelectMany(argument => argument.Split(' '))]);
        }
    }

    public bool IsEstablished(Host neighbor) =>
        State(neighbor).TryGetProperty("session_state", out var state) && state.GetInt32() == 6;

    // The time at which the session came up: it is up for longer than a second between two tests' resets.
    public string Incarnation(Host neighbor) =>
        Query("neighbor", AddressOf(neighbor)).GetProperty("timers").GetProperty("state").TryGetProperty("uptime", out var time) ? time.ToString() : "";

    public string? LastError(Host neighbor) => NotificationsFrom(neighbor).LastOrDefault(text => !text.Contains("collision", StringComparison.Ordinal));

    public Route? Received(string prefix, Host neighbor) => GoBgpOutput.Route(
        prefix, Query("neighbor", AddressOf(neighbor), "adj-in", "-a", NameOf(new Route(prefix).Family)));

    public IReadOnlyList<Route> ReceivedPaths(string prefix, Host neighbor) => GoBgpOutput.Paths(
        prefix, Query("neighbor", AddressOf(neighbor), "adj-in", "-a", NameOf(new Route(prefix).Family)));

    public void Reset(Host neighbor) => Ask("neighbor", AddressOf(neighbor), "reset");

    public void RequestRefresh(Host neighbor) => throw new NotSupportedException(PeerLimits.GoBgpRefresh);

    public int UpdatesReceived(Host neighbor) => Updates("received", neighbor);

    public int UpdatesSent(Host neighbor) => Updates("sent", neighbor);

    public IReadOnlyList<string> NotificationsFrom(Host neighbor)
    {
        List<string> all = [];
        var message = "";
        // Two lines tell of each: the first has the message (RFC 9003), the second one the words for the code.
        foreach (var line in _process.Output.Split('\n').Where(line => line.Contains($"Key={AddressOf(neighbor)} ", StringComparison.Ordinal) || line.Contains($"Key=\"{AddressOf(neighbor)}\" ", StringComparison.Ordinal)))
        {
            message = Received().Match(line) is { Success: true } received ? received.Groups["text"].Value : message;
            if (PeerDown().Match(line) is { Success: true } down)
            {
                all.Add($"{down.Groups["error"].Value} {message}".TrimEnd());
                message = "";
            }
        }

        return all;
    }

    public void Disable(Host neighbor, string message) => Ask("neighbor", AddressOf(neighbor), "shutdown", "--reason", message);

    public void Retry(Host neighbor)
    {
        Ask("neighbor", AddressOf(neighbor), "disable");
        Ask("neighbor", AddressOf(neighbor), "enable");
    }

    public void Freeze() => _process.Freeze();

    public void Thaw() => _process.Thaw();

    public void Dispose() => _process.Dispose();

    private string AddressOf(Host neighbor) => _sessions.Single(session => session.Neighbor == neighbor).NeighborAddress;

    private JsonElement State(Host neighbor) => Query("neighbor", AddressOf(neighbor)).GetProperty("state");

    private int Updates(string direction, Host neighbor) =>
        State(neighbor).GetProperty("messages").TryGetProperty(direction, out var counts) && counts.TryGetProperty("update", out var count) ? count.GetInt32() : 0;

    private JsonElement Query(params IEnumerable<string> command) => JsonElement.Parse(Ask([.. command, "-j"]));

    private string Ask(params IEnumerable<string> command) => Command.Run("gobgp", ["--target", Socket, .. command]);

    private string Configuration()
    {
        var text = new StringBuilder($"""
            [global.config]
              as = {_asn}
              router-id = "{Host.IPv4}"

            """);
        if (_confederation is { } confederation)
        {
            text.AppendLine($"""
                [global.confederation.config]
                  enabled = true
                  identifier = {confederation.Id}
                  member-as-list = [{string.Join(", ", confederation.Members)}]
                """);
        }

        foreach (var session in _sessions)
        {
            text.AppendLine($"""
                [[neighbors]]
                  [neighbors.config]
                    neighbor-address = "{session.NeighborAddress}"
                    peer-as = {session.NeighborAsn}
                    auth-password = "{session.Password}"
                  [neighbors.timers.config]
                    connect-retry = 1
                    hold-time = {session.HoldTime}
                  [neighbors.route-reflector.config]
                    route-reflector-client = {(session.IsClient ? "true" : "false")}
                    route-reflector-cluster-id = "{session.ClusterId ?? Host.IPv4}"
                  [neighbors.route-server.config]
                    route-server-client = {(session.IsRouteServerClient ? "true" : "false")}
                  [neighbors.ttl-security.config]
                    enabled = {(session.TtlSecurity ? "true" : "false")}
                    ttl-min = {(session.TtlSecurity ? 255 : 0)}
                """);
            foreach (var family in Enum.GetValues<Family>())
            {
                text.AppendLine($"""
                      [[neighbors.afi-safis]]
                        [neighbors.afi-safis.config]
                          afi-safi-name = "{NameOf(family)}-unicast"
                        [neighbors.afi-safis.add-paths.config]
                          receive = {(session.AddPaths ? "true" : "false")}
                          send-max = {(session.AddPaths ? 8 : 0)}
                        [neighbors.afi-safis.prefix-limit.config]
                          max-prefixes = {session.MaxPrefixes ?? 0}
                    """);
            }
        }

        return text.ToString();
    }

    private IEnumerable<string> Arguments(Route route)
    {
        yield return $"nexthop {Host.Address(_sessions.Any(session => session.ExtendedNextHop) ? Family.IPv6 : route.Family)}";
        yield return $"origin {route.Origin}";
        if (route.AsPath.Length > 0)
        {
            yield return $"aspath {route.AsPath.Replace(' ', ',')}";
        }

        if (route.Med is { } med)
        {
            yield return $"med {med}";
        }

        if (route.LocalPref is { } localPref)
        {
            yield return $"local-pref {localPref}";
        }

        if (route.Communities.Count > 0)
        {
            yield return $"community {string.Join(',', route.Communities)}";
        }

        if (route.LargeCommunities.Count > 0)
        {
            yield return $"large-community {string.Join(',', route.LargeCommunities)}";
        }
    }

    private static string NameOf(Family family) => family == Family.IPv4 ? "ipv4" : "ipv6";

    [GeneratedRegex("""msg="received notification".* Communicated-Reason="?(?<text>[^"=]*)"? Data=""")]
    private static partial Regex Received();

    [GeneratedRegex("""msg="Peer Down".* Reason="notification-received (?<error>[^"]*)""")]
    private static partial Regex PeerDown();
}
