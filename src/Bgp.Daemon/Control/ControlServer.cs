using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bgp.Daemon;

/// <summary>The control API on one Unix socket.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private const int MaxConnections = 64;
    private const int MaxRequestBody = 65536;

    /// <summary>How long requests that are being answered may hold up the end.</summary>
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);

    private readonly WebApplication _application;

    private ControlServer(WebApplication application) => _application = application;

    /// <exception cref="IOException">The path is taken or cannot be bound.</exception>
    /// <exception cref="SocketException">The path is taken or cannot be bound.</exception>
    public static async Task<ControlServer> StartAsync(string path, Daemon daemon, ILoggerFactory log)
    {
        // Before there is a server, which would log the refusal with the place in its code.
        var socket = ControlSocket.Bind(path);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRoutingCore();
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = _ => socket);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBody;
            kestrel.ListenUnixSocket(Path.GetFullPath(path));
        });
        var application = builder.Build();
        new ControlEndpoints(daemon).Map(application);
        try
        {
            await application.StartAsync().ConfigureAwait(false);
            return new ControlServer(application);
        }
        catch (Exception refused) when (refused is IOException or SocketException or UnauthorizedAccessException)
        {
            socket.Dispose();
            await application.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Answers what was asked already, then closes and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        // Disposing by itself would break off the answers. The socket's file goes when it stops listening; by the end of this another server may have made it anew.
        using var enough = new CancellationTokenSource(AnswerPatience);
        await _application.StopAsync(enough.Token).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Signals are the daemon's business, not this server's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
