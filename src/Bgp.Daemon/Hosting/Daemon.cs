using System.Diagnostics;
using System.Net.Sockets;
using Bgp.Config;
using Bgp.Engine;
using Bgp.Linux;
using Microsoft.Extensions.Logging;

namespace Bgp.Daemon;

/// <summary>
/// The composition root: one speaker with its lanes, its sockets and the kernel, and the router file that it runs. In: the file, commands of operators. Out: sessions, kernel routes, log
/// lines and metrics. Everything is made here by plain constructors, and goes away here in the opposite order.
/// </summary>
internal sealed class Daemon : IDisposable
{
    /// <summary>How long a stop may take: last messages, and the kernel's routes where they are to go.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan StopPoll = TimeSpan.FromMilliseconds(10);

    private readonly string _file;
    private readonly ILogger _logger;
    private readonly LogSwitch _log;
    private readonly HostFacts _facts;
    private readonly NetlinkKernel _kernel;
    private readonly Speaker _speaker;
    private readonly LaneLoop[] _lanes;
    private readonly DaemonMetrics _metrics = new();

    // A reload by signal and one by request must not mix.
    private readonly SemaphoreSlim _reloading = new(1);
    private readonly TaskCompletionSource<StopIntent> _stopRequest = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="file">Where the configuration came from, for reloads.</param>
    /// <param name="config">What it says.</param>
    /// <param name="log">Where log lines go.</param>
    /// <param name="fail">A loop ended by an exception that is a bug; does not return.</param>
    /// <exception cref="LinuxException">The kernel does not answer by netlink.</exception>
    public Daemon(string file, RouterConfig config, LogSwitch log, Action<string, Exception> fail)
    {
        _file = file;
        _log = log;
        _logger = log.Factory.CreateLogger("bgp");
        Config = config;
        _facts = new HostFacts(config.Router.RouterId ?? RouterIdChoice.Choose(config, Environment.MachineName), Environment.MachineName);
        Speaking = config.ToSpeakerConfig(_facts);
        _lanes =
        [
            new LaneLoop(Lane.Sessions, Clock, (lane, failure) => fail($"lane {lane}", failure)),
            new LaneLoop(Lane.Routes, Clock, (lane, failure) => fail($"lane {lane}", failure)),
        ];
        Transport = new SocketTransport(Clock, new TransportLimits(), trouble => DaemonLog.ListenerTrouble(_logger, trouble), failure => fail("transport", failure));
        _kernel = NetlinkKernel.Open(Speaking.Fib);
        var journal = new SpeakerJournal(_logger, _metrics, TimeProvider.System);
        var options = new SpeakerOptions
        {
            Seed = KernelRandom.NextUInt64(),
            Wake = lane => _lanes[(int)lane].Wake(),
            Raise = journal.Record,
            RestartTime = config.Router.GracefulRestart.RestartTime,
        };
        _speaker = new Speaker(options, Transport, _kernel);
        Queries = new SpeakerQueries(_speaker);
    }

    public MonotonicClock Clock { get; } = new();

    public SocketTransport Transport { get; }

    public SpeakerQueries Queries { get; }

    /// <summary>The configuration in force, as the file says it.</summary>
    public RouterConfig Config { get; private set; }

    /// <summary>The same as the engine has it.</summary>
    public SpeakerConfig Speaking { get; private set; }

    /// <summary>Completes when somebody wants the daemon to stop.</summary>
    public Task<StopIntent> StopRequested => _stopRequest.Task;

    /// <summary>Opens a changed control socket before the old one closes; set by whoever serves it.</summary>
    public Func<string, Task>? MoveControlSocket { get; set; }

    /// <exception cref="SocketException">A listener was refused.</exception>
    public async Task StartAsync()
    {
        Transport.Start(new TransportReports(report => _speaker.Post(report), _speaker.Post, _speaker.PostSent));
        Transport.Listen(Config.Router.Listen.Items);
        _kernel.Start(_speaker.Post, input => _speaker.Post(input), trouble => DaemonLog.KernelTrouble(_logger, trouble));
        foreach (var lane in _lanes)
        {
            lane.Start(_speaker);
        }

        _speaker.Configure(Speaking);

        // Nobody is let in before the neighbors' keys are on the listeners.
        await Queries.SessionsSettledAsync().ConfigureAwait(false);
        Transport.StartAccepting();
        if (Config.Router.Listen.Count > 0)
        {
            DaemonLog.Running(_logger, ProgramVersion.Number, Speaking.LocalAsn.Value, Speaking.RouterId, string.Join(", ", Config.Router.Listen.Items));
        }
        else
        {
            DaemonLog.RunningDeaf(_logger, ProgramVersion.Number, Speaking.LocalAsn.Value, Speaking.RouterId);
        }
    }

    public void Command(PeerStatus neighbor, in SessionInput command) => _speaker.Post(neighbor.Peer, neighbor.Config.Key, command);

    public void RequestStop(StopIntent intent) => _stopRequest.TrySetResult(intent);

    /// <summary>Reads the file again. A file with a fault, or a listener that is refused, changes nothing.</summary>
    public async Task<ReloadOutcome> ReloadAsync()
    {
        await _reloading.WaitAsync().ConfigureAwait(false);
        try
        {
            var outcome = await ApplyAsync(RouterConfigFile.Load(_file)).ConfigureAwait(false);
            foreach (var fault in outcome.Faults)
            {
                DaemonLog.ReloadRefused(_logger, fault);
            }

            if (outcome.Difference is { } difference)
            {
                int Count(NeighborEffect effect) => difference.Neighbors.Items.Count(neighbor => neighbor.Effect == effect);
                DaemonLog.Reloaded(
                    _logger,
                    Count(NeighborEffect.Added),
                    Count(NeighborEffect.Removed),
                    Count(NeighborEffect.Reset),
                    Count(NeighborEffect.Refresh) + difference.RefreshedByRouter,
                    Count(NeighborEffect.Nothing) + difference.Unchanged);
            }

            return outcome;
        }
        finally
        {
            _reloading.Release();
        }
    }

    /// <summary>What a reload of the router file would do now; nothing is changed.</summary>
    public Task<ReloadOutcome> CompareAsync() => CompareAsync(RouterConfigFile.Load(_file), _file);

    /// <summary>What the daemon would do with another file.</summary>
    /// <param name="text">What the file says.</param>
    /// <param name="fileName">Its name, for the faults; names of files in it are relative to its folder.</param>
    public Task<ReloadOutcome> CompareAsync(string text, string fileName) => CompareAsync(RouterConfigFile.Parse(text, fileName), fileName);

    public async Task LogStateAsync()
    {
        try
        {
            var peers = await Queries.PeersAsync(CancellationToken.None).ConfigureAwait(false);
            DaemonLog.State(_logger, peers.Count(peer => peer.State == SessionState.Established), peers.Count);
        }
        catch (TimeoutException)
        {
            DaemonLog.TooBusy(_logger);
        }
    }

    /// <summary>Ends all sessions, waits until they have ended, and ends the loops.</summary>
    public async Task StopAsync(StopIntent intent)
    {
        DaemonLog.Stopping(_logger, intent);
        var start = Stopwatch.GetTimestamp();
        _speaker.Stop(intent);
        while (!_speaker.IsStopped && Stopwatch.GetElapsedTime(start) < StopPatience)
        {
            await Task.Delay(StopPoll).ConfigureAwait(false);
        }

        var closed = Transport.StopAsync();
        await Task.WhenAny(closed, Task.Delay(Transport.Limits.CloseTimeout * 2)).ConfigureAwait(false);
        if (!_speaker.IsStopped || !closed.IsCompleted)
        {
            DaemonLog.StopOverdue(_logger);
        }
    }

    public void Dispose()
    {
        foreach (var lane in _lanes)
        {
            lane.Dispose();
        }

        Transport.Dispose();
        _kernel.Dispose();
        _speaker.Dispose();
        _metrics.Dispose();
    }

    private async Task<ReloadOutcome> CompareAsync(ConfigResult read, string fileName)
    {
        await _reloading.WaitAsync().ConfigureAwait(false);
        try
        {
            return Compare(read, fileName);
        }
        finally
        {
            _reloading.Release();
        }
    }

    private ReloadOutcome Compare(ConfigResult read, string fileName) =>
        read.Config is not { } config ? ReloadOutcome.Refused([.. read.Faults.Select(fault => fault.ToString())])
        : config.Fib.Enabled && !Config.Fib.Enabled && !Privileges.HasNetAdmin ? ReloadOutcome.Refused($"{fileName}: fib.enabled: writing kernel routes needs CAP_NET_ADMIN")
        : new ReloadOutcome([], ConfigDifference.Of(Config, config, _facts));

    private async Task<ReloadOutcome> ApplyAsync(ConfigResult read)
    {
        var outcome = Compare(read, _file);
        if (outcome.Difference is null || read.Config is not { } config)
        {
            return outcome;
        }

        try
        {
            Transport.Listen(config.Router.Listen.Items);
        }
        catch (SocketException refused)
        {
            return ReloadOutcome.Refused($"{_file}: router.listen: {refused.Message}");
        }

        if (config.Api.Socket != Config.Api.Socket && MoveControlSocket is { } move)
        {
            try
            {
                await move(config.Api.Socket).ConfigureAwait(false);
            }
            catch (Exception refused) when (refused is IOException or SocketException or UnauthorizedAccessException)
            {
                Transport.Listen(Config.Router.Listen.Items);
                return ReloadOutcome.Refused($"{_file}: api.socket: {refused.Message}");
            }
        }

        Config = config;
        Speaking = config.ToSpeakerConfig(_facts);
        _log.Set(config.Log);
        _kernel.Configure(Speaking.Fib);
        _speaker.Configure(Speaking);

        // The sessions have it, and it is logged to be applied, before it is told to have been.
        await Queries.SessionsSettledAsync().ConfigureAwait(false);
        return outcome;
    }
}
