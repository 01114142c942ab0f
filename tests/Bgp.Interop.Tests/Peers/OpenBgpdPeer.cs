using System.Text;
using System.Text.Json;

namespace Bgp.Interop.Tests;

/// <summary>OpenBGPD. It leaves the kernel's routes alone; its control socket is in the host's folder.</summary>
internal sealed class OpenBgpdPeer : IMeasuredPeer
{
    private const string Package = "openbgpd";

    /// <summary>Where its processes lock themselves in. The package's service makes it, and no service runs here.</summary>
    private const string Chroot = "/run/openbgpd";

    private readonly uint _asn;
    private readonly IReadOnlyList<Session> _sessions;
    private readonly ChildProcess _process;
    private IReadOnlyList<Route> _announced = [];

    public OpenBgpdPeer(Host host, uint asn, params IReadOnlyList<Session> sessions)
    {
        Command.Require("bgpd", Package, "/usr/sbin");
        Command.Require("bgpctl", Package);
        Host = host;
        _asn = asn;
        _sessions = sessions;
        Directory.CreateDirectory(Chroot);
        WriteConfiguration();
        _process = host.Namespace.Start("/usr/sbin/bgpd", "-d", "-v", "-f", ConfigFile);
        Eventually.Holds("bgpd answers", () => !_process.IsRunning
            ? throw new AssertionException($"bgpd ended: {_process.Output}")
            : Command.Try("bgpctl", "-s", Socket, "show").ExitCode == 0);
    }

    public Host Host { get; }

    private string ConfigFile => Path.Combine(Host.Folder, "bgpd.conf");

    private string Socket => Path.Combine(Host.Folder, "bgpd.ctl");

    public void Announce(params IEnumerable<Route> routes)
    {
        _announced = [.. routes];
        WriteConfiguration();
        Ask("reload");
    }

    public bool IsEstablished(Host neighbor) => Neighbor(neighbor).GetProperty("state").GetString() == "Established";

    // It keeps no count of sessions; its log has a line for each.
    public string Incarnation(Host neighbor) =>
        $"{_process.Output.Split('\n').Count(line => line.Contains($"neighbor {AddressOf(neighbor)}: state change OpenConfirm -> Established", StringComparison.Ordinal))}";

    public string? LastError(Host neighbor) => NotificationsFrom(neighbor).LastOrDefault(text => !text.Contains("collision", StringComparison.OrdinalIgnoreCase));

    public Route? Received(string prefix, Host neighbor) =>
        OpenBgpdOutput.Route(prefix, Query("show", "rib", "in", "neighbor", AddressOf(neighbor), "detail"));

    public IReadOnlyList<Route> ReceivedPaths(string prefix, Host neighbor) =>
        OpenBgpdOutput.Paths(prefix, Query("show", "rib", "in", "neighbor", AddressOf(neighbor), "detail"));

    public void Reset(Host neighbor) => Ask("neighbor", AddressOf(neighbor), "clear");

    public void RequestRefresh(Host neighbor) => Ask("neighbor", AddressOf(neighbor), "refresh");

    public int UpdatesReceived(Host neighbor) => Count("received", "updates", neighbor);

    public int UpdatesSent(Host neighbor) => Count("sent", "updates", neighbor);

    public int RefreshesReceived(Host neighbor) => Count("received", "route_refresh", neighbor);

    public IReadOnlyList<string> NotificationsFrom(Host neighbor) =>
    [
        .. _process.Output.Split('\n').Select(line => line.Split($"neighbor {AddressOf(neighbor)}: received notification: ", 2))
            .Where(parts => parts.Length == 2).Select(parts => parts[1])
    ];

    public void Disable(Host neighbor, string message) => Ask("neighbor", AddressOf(neighbor), "down", message);

    public void Retry(Host neighbor)
    {
        Ask("neighbor", AddressOf(neighbor), "down");
        Ask("neighbor", AddressOf(neighbor), "up");
    }

    public string? ShutdownMessage(Host neighbor) => Neighbor(neighbor).TryGetProperty("last_shutdown_reason", out var text) ? text.GetString() : null;

    public int DemarcationsReceived(Host neighbor)
    {
        var counts = Neighbor(neighbor).GetProperty("stats").GetProperty("route-refresh").GetProperty("received");
        return counts.GetProperty("borr").GetInt32() + counts.GetProperty("eorr").GetInt32();
    }

    public void Freeze() => _process.Freeze();

    public void Thaw() => _process.Thaw();

    public void Dispose() => _process.Dispose();

    private string AddressOf(Host neighbor) => _sessions.Single(session => session.Neighbor == neighbor).NeighborAddress;

    private JsonElement Neighbor(Host neighbor) => Query("show", "neighbor", AddressOf(neighbor)).GetProperty("neighbors")[0];

    private int Count(string direction, string messages, Host neighbor) =>
        Neighbor(neighbor).GetProperty("stats").GetProperty("message").GetProperty(direction).GetProperty(messages).GetInt32();

    private JsonElement Query(params IEnumerable<string> command) => JsonElement.Parse(Command.Run("bgpctl", ["-j", "-s", Socket, .. command]));

    private string Ask(params IEnumerable<string> command) => Command.Run("bgpctl", ["-s", Socket, .. command]);

    private void WriteConfiguration()
    {
        File.WriteAllText(ConfigFile, Configuration());
        // It refuses a file that others may write.
        Command.Run("chmod", "600", ConfigFile);
    }

    private string Configuration()
    {
        var text = new StringBuilder($$"""
            AS {{_asn}}
            router-id {{Host.IPv4}}
            fib-update no
            socket "{{Socket}}"
            listen on {{Host.IPv4}}
            listen on {{Host.IPv6}}
            allow from any
            allow to any
            match to any set nexthop no-modify

            """);
        foreach (var route in _announced)
        {
            text.AppendLine($"network {route.Prefix} set {{ {string.Join(' ', Attributes(route))} }}");
        }

        foreach (var session in _sessions)
        {
            text.AppendLine($$"""
                neighbor {{session.NeighborAddress}} {
                  remote-as {{session.NeighborAsn}}
                  local-address {{Host.Address(session.Transport)}}
                  announce IPv4 unicast
                  announce IPv6 unicast
                  announce as-4byte {{(session.FourOctetAs ? "yes" : "no")}}
                  holdtime {{session.HoldTime}}
                  {{(session.NeighborAsn == _asn || session.TtlSecurity ? "" : "multihop 2")}}
                """);
            Settings(session).ToList().ForEach(setting => text.AppendLine($"  {setting}"));
            text.AppendLine("}");
        }

        return text.ToString();
    }

    private static IEnumerable<string> Settings(Session session)
    {
        if (session.IsClient)
        {
            yield return "route-reflector";
        }

        if (session.Password is { } password)
        {
            yield return $"tcp md5sig password {password}";
        }

        if (session.TtlSecurity)
        {
            yield return "ttl-security yes";
        }

        if (session.EnhancedRefresh)
        {
            yield return "announce enhanced refresh yes";
        }

        if (session.Role is { } role)
        {
            yield return $"announce policy {role.ToString().ToLowerInvariant()} enforce";
        }

        if (session.AddPaths)
        {
            yield return "announce add-path recv yes";
            yield return "announce add-path send all";
        }

        if (session.MaxPrefixes is { } limit)
        {
            yield return $"max-prefix {limit}";
        }

        if (session.IsRouteServerClient)
        {
            yield return "transparent-as yes";
        }

        if (session.IsRouteServer)
        {
            yield return "enforce neighbor-as no";
        }
    }

    private IEnumerable<string> Attributes(Route route)
    {
        // Else, and also on single-hop eBGP whatever is set, routes of the family that the session does not run on go with the next hop ::1 or
        // 127.0.0.1: on Linux it finds no second address of the interface.
        yield return $"nexthop {Host.Address(route.Family)}";
        yield return $"origin {route.Origin}";
        if (route.AsPath.Length > 0)
        {
            throw new NotSupportedException(PeerLimits.OpenBgpdPath);
        }

        if (route.Med is { } med)
        {
            yield return $"med {med}";
        }

        if (route.LocalPref is { } localPref)
        {
            yield return $"localpref {localPref}";
        }

        foreach (var community in route.Communities)
        {
            yield return $"community {community}";
        }

        foreach (var community in route.LargeCommunities)
        {
            yield return $"large-community {community}";
        }

        foreach (var community in route.ExtendedCommunities)
        {
            yield return $"ext-community {community.Replace("rt:", "rt ", StringComparison.Ordinal).Replace("soo:", "soo ", StringComparison.Ordinal)}";
        }
    }
}
