using System.Text;

namespace Bgp.Interop.Tests;

/// <summary>
/// ExaBGP, which keeps no table and has no control program. A process of its own making, two `cat`s, passes commands from a FIFO to it, and what
/// it says to a file. It only connects, and never accepts.
/// </summary>
internal sealed class ExaBgpPeer : IMeasuredPeer
{
    private readonly uint _asn;
    private readonly IReadOnlyList<Session> _sessions;
    private readonly Originated _originated = new();
    private readonly ChildProcess _process;

    public ExaBgpPeer(Host host, uint asn, params IReadOnlyList<Session> sessions)
    {
        Command.Require("exabgp", "exabgp");
        Host = host;
        _asn = asn;
        _sessions = sessions;
        Command.Run("mkfifo", CommandFile);
        File.WriteAllText(HeardFile, "");
        // Opened for reading and writing: it does not end when a writer closes it.
        File.WriteAllText(ScriptFile, $"cat <>{CommandFile} &\nexec cat >{HeardFile}\n");
        File.WriteAllText(ConfigFile, Configuration());
        _process = host.Namespace.Start(
            "env", "exabgp.daemon.user=root", "exabgp.daemon.drop=false", "exabgp.api.cli=false", "exabgp.log.destination=stdout", "exabgp", ConfigFile);
        Eventually.Holds("exabgp answers", () => !_process.IsRunning
            ? throw new AssertionException($"exabgp ended: {_process.Output}")
            : _process.Output.Contains("loaded new configuration successfully", StringComparison.Ordinal));
    }

    public Host Host { get; }

    private string ConfigFile => Path.Combine(Host.Folder, "exabgp.conf");

    private string ScriptFile => Path.Combine(Host.Folder, "pass.sh");

    private string CommandFile => Path.Combine(Host.Folder, "commands");

    private string HeardFile => Path.Combine(Host.Folder, "heard");

    public void Announce(params IEnumerable<Route> routes)
    {
        var (gone, come) = _originated.Replace([.. routes], route => string.Join(' ', Attributes(route)));
        foreach (var route in gone.Where(route => come.All(other => other.Prefix != route.Prefix)))
        {
            Ask($"withdraw route {route.Prefix} {string.Join(' ', Attributes(route))}");
        }

        foreach (var route in come)
        {
            Ask($"announce route {route.Prefix} {string.Join(' ', Attributes(route))}");
        }
    }

    public bool IsEstablished(Host neighbor) => Heard(neighbor).IsUp;

    public string Incarnation(Host neighbor) => $"{Heard(neighbor).Sessions}";

    public string? LastError(Host neighbor) => NotificationsFrom(neighbor).LastOrDefault(text => !text.Contains("Collision", StringComparison.Ordinal));

    public Route? Received(string prefix, Host neighbor) => ReceivedPaths(prefix, neighbor) is [var first, ..] ? first : null;

    public IReadOnlyList<Route> ReceivedPaths(string prefix, Host neighbor) => [.. Heard(neighbor).Routes.Where(route => route.Prefix == prefix)];

    /// <summary>Several paths of one prefix, numbered from 1 (RFC 7911); they stay.</summary>
    public void AnnouncePaths(params IReadOnlyList<Route> paths)
    {
        foreach (var (at, path) in paths.Index())
        {
            Ask($"announce route {path.Prefix} path-information 0.0.0.{at + 1} {string.Join(' ', Attributes(path))}");
        }
    }

    public void Reset(Host neighbor) => Ask($"neighbor {AddressOf(neighbor)} teardown 4");

    public void RequestRefresh(Host neighbor)
    {
        Ask($"neighbor {AddressOf(neighbor)} announce route-refresh ipv4 unicast");
        Ask($"neighbor {AddressOf(neighbor)} announce route-refresh ipv6 unicast");
    }

    public int UpdatesReceived(Host neighbor) => Heard(neighbor).Received;

    public int UpdatesSent(Host neighbor) => Heard(neighbor).Sent;

    public IReadOnlyList<string> NotificationsFrom(Host neighbor) => Heard(neighbor).Notifications;

    public int DemarcationsReceived(Host neighbor) => Heard(neighbor).Demarcations;

    public void Freeze() => _process.Freeze();

    public void Thaw() => _process.Thaw();

    public void Dispose() => _process.Dispose();

    private string AddressOf(Host neighbor) => _sessions.Single(session => session.Neighbor == neighbor).NeighborAddress;

    private ExaBgpOutput Heard(Host neighbor) => new(AddressOf(neighbor), File.ReadLines(HeardFile));

    /// <summary>Each command is answered with `done`, or with `error` when it makes no sense.</summary>
    private void Ask(string command)
    {
        var before = Answers().Count;
        File.AppendAllText(CommandFile, command + "\n");
        var answer = Eventually.Get($"an answer to {command}", Answers, answers => answers.Count > before)[^1];
        if (answer != "done")
        {
            throw new InvalidOperationException($"exabgp: {command}: {answer}: {_process.Output}");
        }
    }

    private List<string> Answers() => [.. File.ReadLines(HeardFile).Where(line => line is "done" or "error")];

    private string Configuration()
    {
        var text = new StringBuilder($$"""
            process pass {
              run /bin/sh {{ScriptFile}};
              encoder json;
            }

            """);
        foreach (var session in _sessions)
        {
            text.AppendLine($$"""
                neighbor {{session.NeighborAddress}} {
                  router-id {{Host.IPv4}};
                  local-address {{Host.Address(session.Transport)}};
                  local-as {{_asn}};
                  peer-as {{session.NeighborAsn}};
                  hold-time {{session.HoldTime}};
                  {{(session.Password is { } password ? $"md5-password {password};" : "")}}
                  {{(session.TtlSecurity ? "outgoing-ttl 255;" : "")}}
                  capability {
                    route-refresh enable;
                    asn4 {{(session.FourOctetAs ? "enable" : "disable")}};
                    add-path {{(session.AddPaths ? "send/receive" : "disable")}};
                    extended-message {{(session.ExtendedMessages ? "enable" : "disable")}};
                    nexthop {{(session.ExtendedNextHop ? "enable" : "disable")}};
                  }
                  family { ipv4 unicast; ipv6 unicast; }
                  {{(session.ExtendedNextHop ? "nexthop { ipv4 unicast ipv6; }" : "")}}
                  api {
                    processes [ pass ];
                    neighbor-changes;
                    receive { parsed; update; notification; refresh; }
                    send { parsed; update; }
                  }
                }
                """);
        }

        return text.ToString();
    }

    private IEnumerable<string> Attributes(Route route)
    {
        yield return $"next-hop {Host.Address(_sessions.Any(session => session.ExtendedNextHop) ? Family.IPv6 : route.Family)}";
        yield return $"origin {route.Origin}";
        if (route.AsPath.Length > 0)
        {
            // It sends the path as it is told.
            var isExternal = _sessions.Any(session => session.NeighborAsn != _asn);
            yield return $"as-path [ {(isExternal ? $"{_asn} " : "")}{route.AsPath} ]";
        }

        if (route.Med is { } med)
        {
            yield return $"med {med}";
        }

        if (route.LocalPref is { } localPref)
        {
            yield return $"local-preference {localPref}";
        }

        if (route.Communities.Count > 0)
        {
            yield return $"community [ {string.Join(' ', route.Communities)} ]";
        }

        if (route.LargeCommunities.Count > 0)
        {
            yield return $"large-community [ {string.Join(' ', route.LargeCommunities)} ]";
        }

        if (route.ExtendedCommunities.Count > 0)
        {
            var texts = route.ExtendedCommunities.Select(text => text.Replace("rt:", "target:", StringComparison.Ordinal).Replace("soo:", "origin:", StringComparison.Ordinal));
            yield return $"extended-community [ {string.Join(' ', texts)} ]";
        }

        if (route.OriginatorId is { } originator)
        {
            yield return $"originator-id {originator}";
        }

        if (route.ClusterList.Count > 0)
        {
            yield return $"cluster-list [ {string.Join(' ', route.ClusterList)} ]";
        }
    }
}
