using System.Net;
using System.Net.Sockets;
using Bgp.Config;

namespace Bgp.Daemon.Tests;

/// <summary>A whole daemon within the test process, with its control socket in a folder of its own; it writes no kernel routes and listens on a loopback port that was free.</summary>
internal sealed class RunningDaemon : IAsyncDisposable
{
    private readonly LogSwitch _log;
    private readonly ControlServer _server;
    private readonly string _folder;

    private RunningDaemon(string folder, string file, ushort port, LogSwitch log, Daemon daemon, ControlServer server)
    {
        _folder = folder;
        File = file;
        Port = port;
        _log = log;
        Daemon = daemon;
        _server = server;
    }

    public Daemon Daemon { get; }

    /// <summary>The router file.</summary>
    public string File { get; }

    public ushort Port { get; }

    public string Socket => Path.Combine(_folder, "bgp.sock");

    public ControlClient Client => new(Socket);

    /// <param name="more">YAML after the router's own section.</param>
    public static async Task<RunningDaemon> StartAsync(string more = "")
    {
        var folder = Directory.CreateTempSubdirectory("bgp-test-").FullName;
        var file = Path.Combine(folder, "router.yaml");
        var port = FreePort();
        await System.IO.File.WriteAllTextAsync(file, Text(folder, port, more));
        var config = RouterConfigFile.Load(file).Config ?? throw new AssertionException(string.Join('\n', RouterConfigFile.Load(file).Faults));
        var log = new LogSwitch(config.Log);
        var daemon = new Daemon(file, config, log, (place, failure) => throw new InvalidOperationException(place, failure));
        var server = await ControlServer.StartAsync(config.Api.Socket, daemon, log.Factory);
        await daemon.StartAsync();
        return new RunningDaemon(folder, file, port, log, daemon, server);
    }

    public void Write(string more) => System.IO.File.WriteAllText(File, Text(_folder, Port, more));

    public static string Text(string folder, ushort port, string more) =>
        $$"""
        router: {asn: 64512, routerId: 10.0.0.1, listen: ["127.0.0.1:{{port}}"]}
        fib: {enabled: false}
        api: {socket: {{folder}}/bgp.sock}
        log: {level: error}
        {{more}}
        """;

    public static ushort FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (ushort)((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await Daemon.StopAsync(Engine.StopIntent.Restart);
        await _server.DisposeAsync();
        Daemon.Dispose();
        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
