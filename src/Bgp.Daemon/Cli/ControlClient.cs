using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Bgp.Daemon;

/// <summary>
/// Asks a daemon on its control socket: one request a connection, by a few lines of HTTP/1.1 of our own, since loading a whole HTTP client would take longer than the answer.
/// </summary>
internal sealed class ControlClient(string socketPath)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A document of the API.</summary>
    /// <exception cref="CommandException">The daemon cannot be reached, or refuses.</exception>
    public Task<byte[]> GetAsync(string path, CancellationToken cancellationToken = default) => CallAsync("GET", path, default, cancellationToken);

    /// <summary>A command of the API.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public Task<byte[]> PostAsync(string path, CancellationToken cancellationToken = default) => CallAsync("POST", path, default, cancellationToken);

    /// <summary>A command of the API with a body.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public Task<byte[]> PostAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default) => CallAsync("POST", path, body, cancellationToken);

    /// <summary>Status and body, whatever they are.</summary>
    /// <exception cref="CommandException">The daemon cannot be reached.</exception>
    public Task<(int Status, byte[] Body)> SendAsync(string method, string path, CancellationToken cancellationToken = default) => SendAsync(method, path, default, cancellationToken);

    private async Task<(int Status, byte[] Body)> SendAsync(string method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(Patience);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), enough.Token).ConfigureAwait(false);
            var request = $"{method} {path} HTTP/1.1\r\nHost: bgp\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n";
            using var stream = new NetworkStream(socket, ownsSocket: false);

            // In one: the daemon answers and closes as soon as it has the whole, and a write after that fails, also one of nothing.
            byte[] whole = [.. Encoding.ASCII.GetBytes(request), .. body.Span];
            await stream.WriteAsync(whole, enough.Token).ConfigureAwait(false);
            return await new HttpResponseReader(stream).ReadAsync(enough.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SocketException or IOException or ArgumentOutOfRangeException)
        {
            var reason = File.Exists(socketPath) ? failure.Message : "there is no such socket";
            throw new CommandException(ExitCodes.Failed, $"the daemon cannot be reached at {socketPath}: {reason}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(ExitCodes.Failed, $"the daemon at {socketPath} does not answer");
        }
    }

    /// <summary>Whether somebody listens on the socket.</summary>
    public async Task<bool> IsServedAsync(CancellationToken cancellationToken = default)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<byte[]> CallAsync(string method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var (status, answer) = await SendAsync(method, path, body, cancellationToken).ConfigureAwait(false);
        return status is >= 200 and < 300 ? answer : throw Refusal(status, answer);
    }

    private static CommandException Refusal(int status, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var lines = document.RootElement.TryGetProperty("faults", out var faults)
                ? faults.EnumerateArray().Select(fault => fault.GetString())
                : [document.RootElement.GetProperty("error").GetString()];

            // What was asked for does not make sense, or a file does not: the same codes as for a command line and a file.
            return new CommandException(status is 400 or 422 ? ExitCodes.Wrong : ExitCodes.Failed, string.Join(Environment.NewLine + "bgp: ", lines));
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new CommandException(ExitCodes.Failed, $"the daemon answers with status {status}");
        }
    }
}
