using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Bgp.Linux;

namespace Bgp.Daemon;

/// <summary>
/// A cluster of network namespaces on this machine: build the network, run a daemon in each router, wait until every session is up and every route in place, ping every pod from every
/// other. Whatever happens on the way, also a signal, everything is removed at the end; what a killed lab left is removed by the next one.
/// </summary>
internal sealed class Lab(LabOptions options, LabScreen screen)
{
    private static readonly TimeSpan PollDistance = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LeaveDeadline = TimeSpan.FromSeconds(5);

    private readonly LabName _name = LabName.Current;
    private readonly LabTopology _topology = LabTopology.Of(options);
    private readonly List<LabDaemon> _daemons = [];

    /// <summary>Generous: a machine with few cores starts many daemons one after the other.</summary>
    private TimeSpan ConvergenceDeadline => TimeSpan.FromSeconds(60 + (5 * _topology.Routers.Length));

    /// <summary>Runs it; true when every ping was answered.</summary>
    /// <exception cref="LabException">A step failed; the message is for the user.</exception>
    /// <exception cref="OperationCanceledException">A signal came before the matrix was complete.</exception>
    public async Task<bool> RunAsync()
    {
        using var leave = new CancellationTokenSource();
        using var signals = new SignalSet(leave);
        try
        {
            return await RunStepsAsync(leave.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is LinuxException or IOException or UnauthorizedAccessException or Win32Exception)
        {
            throw new LabException(failure.Message, failure);
        }
        finally
        {
            Remove();
        }
    }

    private async Task<bool> RunStepsAsync(CancellationToken leave)
    {
        foreach (var dead in LabRemains.Sweep())
        {
            screen.Say($"removed what {dead} had left, whose process {dead.Owner.Id} is gone");
        }

        screen.Say($"building {_topology.Description}, in network namespaces {_name}-*");
#pragma warning disable CA1416 // Linux alone gets here.
        Directory.CreateDirectory(_name.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
#pragma warning restore CA1416
        new LabNetwork(_name, _topology).Build(leave);
        StartDaemons(leave);
        await ConvergeAsync(leave).ConfigureAwait(false);

        var matrix = await PingSurvey.RunAsync(_name, _topology, leave).ConfigureAwait(false);
        screen.Say("");
        screen.Say(matrix.ToString().TrimEnd());
        if (!options.Once)
        {
            await StayAsync(leave).ConfigureAwait(false);
        }

        return matrix.IsComplete;
    }

    private void StartDaemons(CancellationToken leave)
    {
        foreach (var router in _topology.Routers)
        {
            leave.ThrowIfCancellationRequested();
            File.WriteAllText(_name.FileOf(router.Name), LabRouterFile.Write(router, _name.SocketOf(router.Name)));
            _daemons.Add(LabDaemon.Start(_name, router.Name));
        }
    }

    private async Task ConvergeAsync(CancellationToken leave)
    {
        using var watch = new LabWatch(_name, _topology);
        var start = Stopwatch.GetTimestamp();
        await screen.WatchAsync(async show =>
        {
            while (true)
            {
                var statuses = await watch.ReadAsync(leave).ConfigureAwait(false);
                show(statuses);
                if (statuses.All(status => status.IsComplete))
                {
                    return;
                }

                FailWhereEnded();
                if (Stopwatch.GetElapsedTime(start) > ConvergenceDeadline)
                {
                    throw new LabException(Describe(statuses));
                }

                await Task.Delay(PollDistance, leave).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
    }

    /// <summary>Waits for the signal to leave; tells when a daemon ends, and how to start it again.</summary>
    private async Task StayAsync(CancellationToken leave)
    {
        screen.Say("");
        screen.Say("The lab stays until Ctrl-C. Look inside from another terminal:");
        screen.Say($"  {Invocation(["lab", "exec", _topology.Routers[0].Name, "--", "ip", "route", "show", "proto", "bgp"])}");
        screen.Say($"  {Invocation(["show", "routes", "--socket", _name.SocketOf(_topology.Routers[0].Name)])}");
        await Task.WhenAll(_daemons.Select(daemon => TellEndAsync(daemon, leave))).ConfigureAwait(false);
        await Task.Delay(Timeout.InfiniteTimeSpan, leave).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
    }

    private async Task TellEndAsync(LabDaemon daemon, CancellationToken leave)
    {
        try
        {
            screen.Say(await daemon.WaitForEndAsync(leave).ConfigureAwait(false));
            screen.Say($"start it again with: {Invocation(["lab", "exec", daemon.Router, "--", .. OwnCommand(["run", "--config", _name.FileOf(daemon.Router)])])}");
        }
        catch (OperationCanceledException)
        {
            // We leave.
        }
    }

    private void FailWhereEnded()
    {
        if (_daemons.Find(daemon => daemon.HasEnded) is { } ended)
        {
            throw new LabException(ended.DescribeEnd());
        }
    }

    private string Describe(ImmutableArray<LabRouterStatus> statuses)
    {
        var lines = new List<string> { string.Create(CultureInfo.InvariantCulture, $"not all came up within {ConvergenceDeadline.TotalSeconds} seconds:") };
        foreach (var status in statuses.Where(status => !status.IsComplete))
        {
            lines.AddRange(status.Missing.Select(missing => $"  {status.Router}: {missing}"));
            lines.AddRange(_daemons.Single(daemon => daemon.Router == status.Router).Tail().Select(line => $"    {line}"));
        }

        return string.Join('\n', lines);
    }

    private void Remove()
    {
        foreach (var daemon in _daemons)
        {
            daemon.Terminate();
        }

        var start = Stopwatch.GetTimestamp();
        foreach (var daemon in _daemons)
        {
            var left = LeaveDeadline - Stopwatch.GetElapsedTime(start);
            daemon.WaitForEnd(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        LabRemains.Remove(_name);
        _daemons.ForEach(daemon => daemon.Dispose());
    }

    private static string Invocation(IEnumerable<string> arguments) => string.Join(' ', OwnCommand(arguments));

    private static IEnumerable<string> OwnCommand(IEnumerable<string> arguments)
    {
        var start = LabDaemon.OwnProgram(arguments);
        return [start.FileName, .. start.ArgumentList];
    }

    /// <summary>While it exists, the signals that end a program ask us to leave instead: what we made must be removed first.</summary>
    private sealed class SignalSet : IDisposable
    {
        private readonly ImmutableArray<PosixSignalRegistration> _registrations;

        public SignalSet(CancellationTokenSource leave)
        {
            // A shell script that starts us in the background has us ignore it, and the base library heeds that; but it is the way to end a lab.
            SignalDisposition.RestoreDefault(UnixSignal.Interrupt);
            _registrations =
            [
                .. ((ReadOnlySpan<PosixSignal>)[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT]).ToArray().Select(signal =>
                    PosixSignalRegistration.Create(signal, context =>
                    {
                        context.Cancel = true;
                        leave.Cancel();
                    })),
            ];
        }

        public void Dispose()
        {
            foreach (var registration in _registrations)
            {
                registration.Dispose();
            }
        }
    }
}
