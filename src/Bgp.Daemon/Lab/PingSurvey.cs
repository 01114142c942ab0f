using System.Collections.Immutable;
using System.Diagnostics;
using System.Net.NetworkInformation;
using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Daemon;

/// <summary>
/// Pings every pod from every other, in each family, one thread a pod inside its namespace. A ping that is not answered is sent twice more: the first packet on a way may be lost while
/// ARP or neighbor discovery is going on at each hop of it.
/// </summary>
internal static class PingSurvey
{
    private const int Attempts = 3;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <exception cref="OperationCanceledException">It was cancelled; all threads have ended.</exception>
    /// <exception cref="LinuxException">A namespace is not there.</exception>
    public static async Task<PingMatrix> RunAsync(LabName lab, LabTopology topology, CancellationToken cancellation)
    {
        ImmutableArray<LabPod> pods = [.. topology.Pods];
        var rows = await Task.WhenAll(Enumerable.Range(0, pods.Length).Select(from => Task.Factory.StartNew(
            () => PingAll(lab, pods, from, cancellation),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return new PingMatrix(pods, [.. rows.SelectMany(row => row)]);
    }

    private static ImmutableArray<PingResult> PingAll(LabName lab, ImmutableArray<LabPod> pods, int from, CancellationToken cancellation)
    {
        using var space = NetworkNamespace.Open(lab.NamespaceOf(pods[from].Name));
        return space.Run(() =>
        {
            var results = ImmutableArray.CreateBuilder<PingResult>();
            using var ping = new Ping();
            for (var to = 0; to < pods.Length; to++)
            {
                if (to == from)
                {
                    continue;
                }

                foreach (var address in pods[to].Addresses)
                {
                    results.Add(new PingResult(from, to, address, PingOne(ping, address, cancellation)));
                }
            }

            return results.DrainToImmutable();
        });
    }

    /// <summary>The time to the answer, or <c>null</c>.</summary>
    private static TimeSpan? PingOne(Ping ping, in IpAddress address, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts && !cancellation.IsCancellationRequested; attempt++)
        {
            try
            {
                var start = Stopwatch.GetTimestamp();
                if (ping.Send(address.ToIPAddress(), (int)Timeout.TotalMilliseconds).Status == IPStatus.Success)
                {
                    return Stopwatch.GetElapsedTime(start);
                }
            }
            catch (PingException)
            {
                // The kernel has no way to send it.
            }
        }

        return null;
    }
}
