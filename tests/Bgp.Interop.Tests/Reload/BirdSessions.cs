using System.Globalization;
using System.Text;

namespace Bgp.Interop.Tests;

/// <summary>One BIRD with many sessions to the daemon, each from an address of its own to an address of its own: BIRD holds one session with an address.</summary>
internal sealed class BirdSessions : IDisposable
{
    private const int FirstSubjectAddress = 220;

    private readonly Host _host;
    private readonly ChildProcess _process;

    public BirdSessions(Host host, uint asn, Host subject, uint subjectAsn, IReadOnlyList<string> addresses)
    {
        Command.Require("bird", "bird2");
        _host = host;
        var text = new StringBuilder($$"""
            log "{{LogFile}}" all;
            router id {{host.IPv4}};
            protocol device {}

            """);
        foreach (var (number, address) in addresses.Index())
        {
            var neighbor = $"10.9.0.{FirstSubjectAddress + number}";
            subject.Namespace.Ip("address", "add", neighbor + "/24", "dev", "eth0");
            host.Namespace.Ip("address", "add", address + "/24", "dev", "eth0");
            text.AppendLine($$"""
                protocol bgp from_{{address.Replace('.', '_')}} {
                  local {{address}} as {{asn}};
                  neighbor {{neighbor}} as {{subjectAsn}};
                  direct;
                  hold time 240;
                  connect delay time 1;
                  connect retry time 2;
                  error wait time 1, 2;
                  ipv4 { import all; export none; };
                }
                """);
        }

        File.WriteAllText(ConfigFile, text.ToString());
        _process = host.Namespace.Start("bird", "-f", "-c", ConfigFile, "-s", Socket);
        Eventually.Holds("bird answers", () =>
            !_process.IsRunning ? throw new AssertionException($"bird ended: {_process.Output}") : Command.Try("birdc", "-s", Socket, "show", "status").ExitCode == 0);
    }

    private string ConfigFile => Path.Combine(_host.Folder, "bird.conf");

    private string LogFile => Path.Combine(_host.Folder, "bird.log");

    private string Socket => Path.Combine(_host.Folder, "bird.ctl");

    /// <summary>By how many sessions a prefix came.</summary>
    public int PathsOf(string prefix) => Command.Try("birdc", "-s", Socket, "show", "route", prefix, "all").Output.Split('\n').Count(line => line.Contains("[from_", StringComparison.Ordinal));

    /// <summary>Routes of all sessions together.</summary>
    public int RouteCount() => int.Parse(Command.Run("birdc", "-s", Socket, "show", "route", "count").Split('\n').First(line => line.Contains("routes for", StringComparison.Ordinal)).Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>What the daemon has ever complained of.</summary>
    public IReadOnlyList<string> Notifications() => [.. File.ReadLines(LogFile).Where(line => line.Contains("Received: ", StringComparison.Ordinal))];

    public void Dispose() => _process.Dispose();
}
