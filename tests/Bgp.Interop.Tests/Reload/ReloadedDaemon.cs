using System.Net.Sockets;
using System.Text.Json;

namespace Bgp.Interop.Tests;

/// <summary>Our daemon as a process, with a router file that tests change at will; it is asked over its control socket, which costs no process.</summary>
internal sealed class ReloadedDaemon : IDisposable
{
    private readonly Host _host;
    private readonly ChildProcess _process;

    public ReloadedDaemon(Host host, RouterText text)
    {
        _host = host;
        Socket = Path.Combine(host.Folder, "bgp.sock");
        Text = text;
        Write();
        _process = OwnProgram.Start(host.Namespace, "run", "--config", ConfigFile);
        Eventually.Holds("bgp answers", () => !_process.IsRunning ? throw new AssertionException($"bgp ended: {_process.Output}") : File.Exists(Socket) && IsServed());
    }

    /// <summary>The control socket.</summary>
    public string Socket { get; private set; }

    public RouterText Text { get; private set; }

    public string Log => _process.Output;

    private string ConfigFile => Path.Combine(_host.Folder, "router.yaml");

    /// <summary>Writes the file and reloads it; returns what the daemon says it did.</summary>
    public JsonElement Reload(RouterText text)
    {
        Text = text;
        Write();
        var answer = Ask(HttpMethod.Post, "reload");
        return answer.TryGetProperty("faults", out var faults) ? throw new AssertionException($"the file is refused: {faults}\n{text}") : answer;
    }

    /// <summary>Moves the control socket; from then on the new one is asked.</summary>
    public void MoveSocket()
    {
        var old = Socket;
        Socket = old + ".moved";
        Write();
        var moved = Socket;
        Socket = old;
        Assert.That(Ask(HttpMethod.Post, "reload").GetProperty("done").GetBoolean(), Is.True);
        Socket = moved;
        Assert.That(IsServed(), Is.True, "the new socket is open when the old one has answered");
        Eventually.Holds("the old socket goes", () => !File.Exists(old));
    }

    /// <summary>State and flaps of each neighbor, by address with zone.</summary>
    public Dictionary<string, (string State, int Flaps)> Neighbors() => Ask(HttpMethod.Get, "neighbors").EnumerateArray().ToDictionary(
        neighbor => neighbor.GetProperty("address").GetString()!,
        neighbor => (neighbor.GetProperty("state").GetString()!, neighbor.GetProperty("flaps").GetInt32()));

    public JsonElement Ask(HttpMethod method, string path)
    {
        using var client = Client();
        using var request = new HttpRequestMessage(method, $"http://bgp/api/v1/{path}");
        using var response = client.Send(request);
        using var body = response.Content.ReadAsStream();
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    public void Dispose() => _process.Dispose();

    private bool IsServed()
    {
        try
        {
            return Ask(HttpMethod.Get, "summary").GetProperty("asn").GetInt64() > 0;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private HttpClient Client() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException)
            {
                socket.Dispose();
                throw;
            }
        },
    })
    {
        Timeout = Eventually.Deadline,
    };

    private void Write() => File.WriteAllText(ConfigFile, Text.With("api", $"{{socket: {Socket}}}").ToString());
}
