using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Bgp.Config;
using Bgp.Engine;
using Bgp.Linux;
using Microsoft.Extensions.Logging;

namespace Bgp.Daemon;

/// <summary><c>bgp run</c>: the daemon with its control socket and its signals, from the first line of the file to the exit code.</summary>
internal static class DaemonHost
{
    private const int PendingSignals = 16;

    /// <summary>SIGUSR1, whose number the runtime takes as it is.</summary>
    private const int UserSignal = 10;

    /// <returns>0 stopped as asked; 1 refused by the system; 2 the file is wrong.</returns>
    public static async Task<int> RunAsync(string file, TextWriter errors)
    {
        var read = RouterConfigFile.Load(file);
        if (read.Config is not { } config)
        {
            foreach (var fault in read.Faults)
            {
                await errors.WriteLineAsync(fault.ToString()).ConfigureAwait(false);
            }

            return ExitCodes.Wrong;
        }

        if (config.Fib.Enabled && !Privileges.HasNetAdmin)
        {
            await errors.WriteLineAsync("bgp: writing kernel routes needs CAP_NET_ADMIN: run as root, or set fib.enabled: false").ConfigureAwait(false);
            return ExitCodes.Failed;
        }

        using var log = new LogSwitch(config.Log);
        try
        {
            using var daemon = new Daemon(file, config, log, (place, failure) => Die(log, place, failure));
            await ServeAsync(daemon, log.Factory).ConfigureAwait(false);
            return ExitCodes.Done;
        }
        catch (Exception refused) when (refused is SocketException or IOException or UnauthorizedAccessException or LinuxException)
        {
            await errors.WriteLineAsync($"bgp: {refused.Message}").ConfigureAwait(false);
            return ExitCodes.Failed;
        }
    }

    private static async Task ServeAsync(Daemon daemon, ILoggerFactory log)
    {
        var control = await OpenControlAsync(daemon.Config.Api.Socket, daemon, log).ConfigureAwait(false);
        var closing = Task.CompletedTask;
        try
        {
            // The old server answers the request that moves it, so that the move does not wait for its end.
            daemon.MoveControlSocket = async path =>
            {
                var old = control;
                control = await OpenControlAsync(path, daemon, log).ConfigureAwait(false);
                closing = Task.WhenAll(closing, old.DisposeAsync().AsTask());
            };
            var signals = Channel.CreateBounded<PosixSignal>(new BoundedChannelOptions(PendingSignals) { FullMode = BoundedChannelFullMode.DropWrite });
            using var hangUp = Hear(PosixSignal.SIGHUP, signals);
            using var user = Hear((PosixSignal)UserSignal, signals);
            using var terminate = Hear(PosixSignal.SIGTERM, signals);
            using var interrupt = Hear(PosixSignal.SIGINT, signals);
            await daemon.StartAsync().ConfigureAwait(false);
            ServiceNotifier.Ready();
            var obeying = ObeyAsync(signals.Reader, daemon);
            await Task.WhenAny(daemon.StopRequested, obeying).ConfigureAwait(false);
            signals.Writer.Complete();
            await obeying.ConfigureAwait(false);
            var intent = await daemon.StopRequested.ConfigureAwait(false);
            ServiceNotifier.Stopping();
            await daemon.StopAsync(intent).ConfigureAwait(false);
        }
        finally
        {
            await control.DisposeAsync().ConfigureAwait(false);
            await closing.ConfigureAwait(false);
        }
    }

    /// <summary>What a signal would do by itself is to end the process.</summary>
    private static PosixSignalRegistration Hear(PosixSignal signal, Channel<PosixSignal> heard) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        heard.Writer.TryWrite(signal);
    });

    private static async Task ObeyAsync(ChannelReader<PosixSignal> signals, Daemon daemon)
    {
        await foreach (var signal in signals.ReadAllAsync().ConfigureAwait(false))
        {
            switch (signal)
            {
                case PosixSignal.SIGHUP:
                    await daemon.ReloadAsync().ConfigureAwait(false);
                    break;
                case PosixSignal.SIGTERM or PosixSignal.SIGINT:
                    daemon.RequestStop(StopIntent.Restart);
                    break;
                default:
                    await daemon.LogStateAsync().ConfigureAwait(false);
                    break;
            }
        }
    }

    private static async Task<ControlServer> OpenControlAsync(string path, Daemon daemon, ILoggerFactory log)
    {
        try
        {
            return await ControlServer.StartAsync(path, daemon, log).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is SocketException or IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the control socket {path} cannot be opened: {(refused.InnerException ?? refused).Message}", refused);
        }
    }

    /// <summary>A loop ended by a bug. What it should have kept going has stopped, so the process ends; the kernel keeps the routes and the peers notice.</summary>
    private static void Die(LogSwitch log, string place, Exception failure)
    {
        DaemonLog.Fatal(log.Factory.CreateLogger("bgp"), place, failure);
        log.Dispose();
        Environment.Exit(ExitCodes.Failed);
    }
}
