using System.Text.Json;

namespace Bgp.Interop.Tests;

/// <summary>Our daemon on an <see cref="UnnumberedLink"/>: its one neighbor is an interface, unless another is given, and it announces its service addresses.</summary>
internal sealed class UnnumberedDaemon : IDisposable
{
    private readonly Host _host;
    private readonly uint _asn;
    private readonly string _neighbor;
    private readonly ChildProcess _process;

    public UnnumberedDaemon(Host host, uint asn, params IReadOnlyList<string> options)
        : this(host, asn, "interface: eth0", options)
    {
    }

    public UnnumberedDaemon(Host host, uint asn, string neighbor, IReadOnlyList<string> options)
    {
        _neighbor = neighbor;
        _host = host;
        _asn = asn;
        Write(options);
        _process = OwnProgram.Start(host.Namespace, "run", "--config", ConfigFile);
        Eventually.Holds("bgp answers", () =>
            !_process.IsRunning ? throw new AssertionException($"bgp ended: {_process.Output}") : OwnProgram.Try(Arguments("show", "summary")).ExitCode == 0);
    }

    public bool IsEstablished => Neighbor.GetProperty("state").GetString() == "Established";

    public int Flaps => Neighbor.GetProperty("flaps").GetInt32();

    public JsonElement Neighbor => JsonElement.Parse(OwnProgram.Run(Arguments("show", "neighbors", "-o", "json"))).EnumerateArray().Single();

    public string Log => _process.Output;

    private string ConfigFile => Path.Combine(_host.Folder, "router.yaml");

    /// <summary>Has the daemon read its file again, with other options of the neighbor.</summary>
    public void Reload(params IReadOnlyList<string> options)
    {
        Write(options);
        OwnProgram.Run(Arguments("reload"));
    }

    public void Dispose() => _process.Dispose();

    private IEnumerable<string> Arguments(params IEnumerable<string> command) => [.. command, "--socket", Path.Combine(_host.Folder, "bgp.sock")];

    private void Write(IReadOnlyList<string> options) => File.WriteAllText(ConfigFile, $$"""
        router: {asn: {{_asn}}, routerId: {{_host.IPv4}}, ebgpRequiresPolicy: false}
        api: {socket: {{_host.Folder}}/bgp.sock}
        networks: [{prefix: {{_host.IPv4}}/32}, {prefix: "{{_host.IPv6}}/128"}]
        neighbors:
          - {{_neighbor}}
            asn: external
            connectRetry: 1s
        {{string.Concat(options.Select(option => $"    {option}\n"))}}
        """);
}
