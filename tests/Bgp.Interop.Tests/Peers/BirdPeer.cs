using System.Text;
using System.Text.RegularExpressions;

namespace Bgp.Interop.Tests;

/// <summary>BIRD 2. Originated routes are blackholes of a static protocol; their attributes are set by the export filter.</summary>
internal sealed partial class BirdPeer : IMeasuredPeer
{
    private readonly uint _asn;
    private readonly IReadOnlyList<Session> _sessions;
    private readonly ChildProcess _process;
    private IReadOnlyList<Route> _announced = [];

    public BirdPeer(Host host, uint asn, params IReadOnlyList<Session> sessions)
    {
        Command.Require("bird", "bird2");
        Host = host;
        _asn = asn;
        _sessions = sessions;
        File.WriteAllText(ConfigFile, Configuration());
        _process = host.Namespace.Start("bird", "-f", "-c", ConfigFile, "-s", Socket);
        Eventually.Holds("bird answers", () =>
            !_process.IsRunning
                ? throw new AssertionException($"bird ended: {_process.Output}")
                : Command.Try("birdc", "-s", Socket, "show", "status").ExitCode == 0);
    }

    public Host Host { get; }

    private string ConfigFile => Path.Combine(Host.Folder, "bird.conf");

    private string LogFile => Path.Combine(Host.Folder, "bird.log");

    private string Socket => Path.Combine(Host.Folder, "bird.ctl");

    public void Announce(params IEnumerable<Route> routes)
    {
        _announced = [.. routes];
        File.WriteAllText(ConfigFile, Configuration());
        Ask("configure");
    }

    public bool IsEstablished(Host neighbor) => Ask("show", "protocols", NameOf(neighbor)).Contains("Established", StringComparison.Ordinal);

    public string Incarnation(Host neighbor) => Ask("show", "protocols", NameOf(neighbor)).Split('\n')
        .First(line => line.StartsWith(NameOf(neighbor), StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];

    // `show protocols` forgets the reason as soon as the session is up again; the log keeps it. A lost collision ends no session.
    public string? LastError(Host neighbor) => File.ReadLines(LogFile)
        .Select(line => line.Split($"<RMT> {NameOf(neighbor)}: ", 2))
        .LastOrDefault(parts => parts.Length == 2 && !parts[1].Contains("collision", StringComparison.OrdinalIgnoreCase))?[1];

    public Route? Received(string prefix, Host neighbor) => BirdOutput.Route(prefix, ShowRoute(prefix, neighbor));

    public IReadOnlyList<Route> ReceivedPaths(string prefix, Host neighbor) => BirdOutput.Paths(prefix, ShowRoute(prefix, neighbor));

    /// <summary>All that it prints of a route from the neighbor.</summary>
    public string Shown(string prefix, Host neighbor) => ShowRoute(prefix, neighbor);

    private string ShowRoute(string prefix, Host neighbor)
    {
        var (exitCode, output, error) = Command.Try("birdc", "-s", Socket, "show", "route", prefix, "all", "protocol", NameOf(neighbor));
        // A prefix that no protocol has is an error; one that only another protocol has is an empty answer.
        return exitCode == 0 || output.Contains("Network not found", StringComparison.Ordinal)
            ? output
            : throw new InvalidOperationException($"birdc: {error.Trim()} {output.Trim()}");
    }

    public IReadOnlyList<string> NotificationsFrom(Host neighbor) =>
    [
        .. File.ReadLines(LogFile).Select(line => line.Split($"<RMT> {NameOf(neighbor)}: Received: ", 2)).Where(parts => parts.Length == 2).Select(parts => parts[1])
    ];

    public void Reset(Host neighbor) => Ask("restart", NameOf(neighbor));

    public void RequestRefresh(Host neighbor) => Ask("reload", "in", NameOf(neighbor));

    /// <summary>Sends everything again without being asked.</summary>
    public void Resend(Host neighbor) => Ask("reload", "out", NameOf(neighbor));

    /// <summary>How many routes have come from the neighbor since the session came up, repetitions included.</summary>
    public int UpdatesReceived(Host neighbor) => Count("Import updates", neighbor);

    /// <summary>How many routes have been handed to the export filter since the session came up, repetitions included.</summary>
    public int UpdatesSent(Host neighbor) => Count("Export updates", neighbor);

    public void Disable(Host neighbor, string message) => Ask("disable", NameOf(neighbor), $"\"{message}\"");

    // Of a protocol that was disabled, by command or by a limit, this is a start.
    public void Retry(Host neighbor)
    {
        Ask("disable", NameOf(neighbor));
        Ask("enable", NameOf(neighbor));
    }

    public int DemarcationsReceived(Host neighbor) => LogLines(neighbor, "Got BEGIN-OF-RR") + LogLines(neighbor, "Got END-OF-RR");

    public int DemarcationsSent(Host neighbor) => LogLines(neighbor, "Sending BEGIN-OF-RR") + LogLines(neighbor, "Sending END-OF-RR");

    public void Freeze() => _process.Freeze();

    public void Thaw() => _process.Thaw();

    public void Dispose() => _process.Dispose();

    private static string NameOf(Host neighbor) => "to_" + neighbor.Name;

    private int LogLines(Host neighbor, string what) => File.ReadLines(LogFile).Count(line => line.EndsWith($"{NameOf(neighbor)}: {what}", StringComparison.Ordinal));

    private int Count(string what, Host neighbor) => Counter().Matches(Ask("show", "protocols", "all", NameOf(neighbor)))
        .Where(match => match.Groups["what"].Value == what)
        .Sum(match => int.Parse(match.Groups["received"].Value));

    private string Ask(params IEnumerable<string> command) => Command.Run("birdc", ["-s", Socket, .. command]);

    private string Configuration()
    {
        var text = new StringBuilder($$"""
            log "{{LogFile}}" all;
            router id {{Host.IPv4}};
            protocol device {}
            protocol direct { ipv4; ipv6; }
            {{(_sessions.Any(session => session.ToKernel) ? "protocol kernel { ipv4 { export where source = RTS_BGP; }; }" : "")}}

            """);
        foreach (var family in Enum.GetValues<Family>())
        {
            var routes = _announced.Where(route => route.Family == family).ToList();
            var channel = NameOf(family);
            text.AppendLine($"protocol static static_{channel} {{ {channel};");
            routes.ForEach(route => text.AppendLine($"  route {route.Prefix} blackhole;"));
            text.AppendLine("}").AppendLine($"filter out_{channel} {{");
            routes.ForEach(route => text.AppendLine($"  if net = {route.Prefix} then {{ {string.Join(' ', Attributes(route))} accept; }}"));
            text.AppendLine("  if source = RTS_BGP then accept;").AppendLine("  reject;").AppendLine("}");
        }

        foreach (var session in _sessions)
        {
            text.AppendLine($$"""
                protocol bgp {{NameOf(session.Neighbor)}} {
                  local {{(session.IsLinkLocal ? "" : Host.Address(session.Transport))}} as {{_asn}};
                  neighbor {{session.NeighborAddress}} as {{session.NeighborAsn}};
                  direct;
                  {{(session.IsClient ? "rr client;" : "")}}
                  {{(session.FourOctetAs ? "" : "enable as4 off;")}}
                  {{string.Join(' ', Settings(session).Concat(session.Options))}}
                  debug { packets };
                  hold time {{session.HoldTime}};
                  connect delay time 1;
                  connect retry time 2;
                  error wait time 1, 2;
                  ipv4 { import all; export filter out_ipv4; {{string.Join(' ', ChannelSettings(session))}} {{(session.IsLinkLocal || session.ExtendedNextHop ? "extended next hop on;" : "")}} };
                  ipv6 { import all; export filter out_ipv6; {{string.Join(' ', ChannelSettings(session))}} };
                }
                """);
        }

        return text.ToString();
    }

    private static IEnumerable<string> Settings(Session session)
    {
        if (session is { IsClient: true, ClusterId: { } cluster })
        {
            yield return $"rr cluster id {cluster};";
        }

        if (session.Password is { } password)
        {
            yield return $"password \"{password}\";";
        }

        if (session.TtlSecurity)
        {
            yield return "ttl security on;";
        }

        if (session.ExtendedMessages)
        {
            yield return "enable extended messages on;";
        }

        if (session.Role is { } role)
        {
            yield return $"local role {role.ToString().ToLowerInvariant()}; require roles on;";
        }

        if (session.IsRouteServerClient)
        {
            yield return "rs client;";
        }
    }

    private static IEnumerable<string> ChannelSettings(Session session)
    {
        if (session.AddPaths)
        {
            yield return "add paths on;";
        }

        if (session.MaxPrefixes is { } limit)
        {
            yield return $"receive limit {limit} action disable;";
        }
    }

    private static string NameOf(Family family) => family == Family.IPv4 ? "ipv4" : "ipv6";

    private static IEnumerable<string> Attributes(Route route)
    {
        yield return $"bgp_origin = ORIGIN_{route.Origin.ToUpperInvariant()};";
        foreach (var asn in route.AsPath.Split(' ', StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            yield return $"bgp_path.prepend({asn});";
        }

        if (route.Med is { } med)
        {
            yield return $"bgp_med = {med};";
        }

        if (route.LocalPref is { } localPref)
        {
            yield return $"bgp_local_pref = {localPref};";
        }

        foreach (var community in route.Communities)
        {
            yield return $"bgp_community.add(({community.Replace(":", ", ", StringComparison.Ordinal)}));";
        }

        foreach (var community in route.LargeCommunities)
        {
            yield return $"bgp_large_community.add(({community.Replace(":", ", ", StringComparison.Ordinal)}));";
        }

        foreach (var community in route.ExtendedCommunities)
        {
            yield return $"bgp_ext_community.add(({community.Replace("soo:", "ro:", StringComparison.Ordinal).Replace(":", ", ", StringComparison.Ordinal)}));";
        }
    }

    [GeneratedRegex(@"^ +(?<what>Import updates|Export updates): +(?<received>\d+)", RegexOptions.Multiline)]
    private static partial Regex Counter();
}
