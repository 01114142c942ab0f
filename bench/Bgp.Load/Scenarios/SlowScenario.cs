using System.Diagnostics;
using System.Globalization;

namespace Bgp.Load;

/// <summary>
/// S2 with one more client that reads 10 KB a second and one that stops reading: the others must not wait for them. What such a client misses must not fit
/// the kernel's buffers, else nobody would notice, so those are bounded. Without a send hold time the stalled one reads again in the end,
/// and must be brought up to date; with one it must be dropped when that is over.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="sendHoldSeconds">RFC 9687, or null.</param>
internal sealed class SlowScenario(string name, int? sendHoldSeconds) : Scenario
{
    private const int Clients = 100;
    private const int BlocksEach = 1000;
    private const int SendBuffer = 64 * 1024;

    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Keepalive = TimeSpan.FromSeconds(1);

    public override string Name => name;

    public override string Title =>
        $"Slow clients: S2 with one that reads 10 KB/s and one that stops reading, {(sendHoldSeconds is { } seconds ? $"`sendHoldTime: {seconds}s`" : "without a send hold time")}";

    public override bool HasFloor => false;

    public override LoadPlan Plan(double scale) => ReflectorScenario.Plan(Clients, Scaled(BlocksEach, scale), ReadSpeed.Slow, ReadSpeed.Stalled) with
    {
        SendHoldSeconds = sendHoldSeconds,
        SendBufferLimit = SendBuffer,
    };

    public override CheckResult Run(LoadRun run)
    {
        var slow = run.Clients[Clients];
        var stalled = run.Clients[Clients + 1];
        run.MayBeDropped = client => client == stalled && sendHoldSeconds is not null;
        run.Loop.KeepalivePeriod = Keepalive;
        run.Establish();
        var start = Stopwatch.GetTimestamp();
        run.Measure(run.AnnounceAll, () => run.Clients.Take(Clients).All(client => client.IsComplete), Clients);
        run.Note("memory then MiB", run.ResidentMiB());
        if (stalled.IsComplete)
        {
            throw new LoadException(RunOutcome.Failed, "buffers took everything, so nobody had to wait: the scenario needs more routes");
        }

        if (sendHoldSeconds is null)
        {
            run.Loop.RunFor(Hold);
        }
        else
        {
            run.Loop.RunUntil("the stalled client is dropped", () => !IsConnected(run, stalled), run.Options.TimeLimit);
            run.Note("dropped after s", Stopwatch.GetElapsedTime(start).TotalSeconds);
            run.Loop.Shut(stalled);
        }

        run.Note("memory later MiB", run.ResidentMiB());
        var again = Stopwatch.GetTimestamp();
        run.Loop.SetSpeed(slow, ReadSpeed.Full);
        run.Loop.SetSpeed(stalled, ReadSpeed.Full);
        run.Loop.RunUntil("those that were slow have everything", () => slow.IsComplete && (stalled.IsComplete || run.MayBeDropped(stalled)), run.Options.TimeLimit);
        // With few routes the slow one may have had everything before.
        run.Note("slow up to date s", Math.Max(0, Stopwatch.GetElapsedTime(again, slow.CompletedAt).TotalSeconds));
        if (!run.MayBeDropped(stalled))
        {
            run.Note("stalled up to date s", Stopwatch.GetElapsedTime(again, stalled.CompletedAt).TotalSeconds);
        }

        run.Rest();
        return default;
    }

    /// <summary>Whether the daemon still holds the session: a client that does not read does not see the end of it.</summary>
    private static bool IsConnected(LoadRun run, LoadClient client)
    {
        const string Established = "01";
        // Addresses are in the byte order of the machine.
        var address = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(client.Plan.Address).ToString("X8", CultureInfo.InvariantCulture);
        var lines = run.Network.Daemon.Run(() => File.ReadAllLines("/proc/thread-self/net/tcp"));
        return lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(fields => fields[2].StartsWith(address, StringComparison.Ordinal) && fields[3] == Established);
    }
}
