using System.Diagnostics;
using System.Net.Sockets;

namespace Bgp.Load;

/// <summary>
/// One run of a scenario against one daemon: network, daemon, clients, and the stop-watch. A scenario calls the steps in its own order; most
/// need <see cref="Establish"/>, <see cref="MeasureConvergence"/> and <see cref="Rest"/>.
/// </summary>
internal sealed class LoadRun : IDisposable
{
    private const int Wave = 8;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan RestTime = TimeSpan.FromSeconds(3);

    private readonly LoadNetwork _network = new();
    private readonly DirectoryInfo _folder;
    private readonly Dictionary<string, double> _values = [];
    private readonly DaemonUnderLoad _daemon;
    private DaemonWatch? _watch;
    private double _wall;
    private double _cpu;
    private double _loadCpu;
    private double _restMiB;

    public LoadRun(RunOptions options, LoadPlan plan)
    {
        Options = options;
        Plan = plan;
        var folder = options.PeerRoot.Length == 0 ? Path.GetTempPath() : Path.Combine(options.PeerRoot, "tmp");
        _folder = Directory.CreateDirectory(Path.Combine(folder, $"bgpload-{Guid.NewGuid():N}"));
        // OpenBGPD's and FRR's processes give up root before they open their files.
        File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0x1ff);
        _daemon = DaemonFactory.Create(options, plan, _network, _folder.FullName);
        Loop = new ClientLoop(_network.Clients, [.. plan.Clients.Select(NewClient)]) { Abort = FindFailure };
        if (plan.SendBufferLimit is { } limit)
        {
            _network.LimitSendBuffer(limit);
        }
    }

    public RunOptions Options { get; }

    public LoadPlan Plan { get; }

    public ClientLoop Loop { get; }

    public LoadNetwork Network => _network;

    public DaemonWatch Watch => _watch ?? throw new UnreachableException("the daemon was started");

    public IReadOnlyList<LoadClient> Clients => Loop.Clients;

    /// <summary>Clients that were told to read slowly may be dropped; anyone else may not.</summary>
    public Func<LoadClient, bool> MayBeDropped { get; set; } = _ => false;

    /// <summary>Starts the daemon and waits until it listens; returns how long that took, in seconds.</summary>
    /// <exception cref="LoadException">It cannot run such a plan, or does not come up.</exception>
    public double StartDaemon()
    {
        if (_daemon.Refuses(Plan) is { } reason)
        {
            throw new LoadException(RunOutcome.Failed, reason);
        }

        var start = Stopwatch.GetTimestamp();
        _daemon.Start(Plan);
        while (!IsListening())
        {
            if (Stopwatch.GetElapsedTime(start) > Options.TimeLimit)
            {
                throw new LoadException(RunOutcome.Timeout, $"it does not listen: {_daemon.LogTail()}");
            }

            if (_daemon.HasEnded)
            {
                throw new LoadException(RunOutcome.Failed, $"it ended: {_daemon.LogTail()}");
            }

            Thread.Sleep(1);
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _watch = new DaemonWatch(_network.Daemon, Options.MemoryLimit);
        return seconds;
    }

    /// <summary>Starts the daemon and brings all sessions up; then waits until everybody is quiet.</summary>
    /// <exception cref="LoadException">They do not come up.</exception>
    public void Establish()
    {
        StartDaemon();
        OpenSessions();
    }

    /// <summary>Brings all sessions up; then waits until everybody is quiet.</summary>
    /// <exception cref="LoadException">They do not come up.</exception>
    public void OpenSessions()
    {
        // A few at a time: some daemons' queue of connections is eight long, and whom it has no room for must try again.
        foreach (var wave in Clients.Chunk(Wave))
        {
            Loop.Open(wave);
            Loop.RunUntil("all clients are connected", () => wave.All(client => client.State > SessionState.Connecting), Options.TimeLimit);
        }

        Loop.RunUntil("all sessions are up", () => Clients.All(client => client.State == SessionState.Established), Options.TimeLimit);
        Loop.RunFor(Quiet);
        Watch.Refresh();
        foreach (var client in Clients)
        {
            client.ForgetLosses();
        }
    }

    /// <summary>Does something, and measures from its start to when every receiver has what it should.</summary>
    /// <exception cref="LoadException">They do not get there.</exception>
    public void MeasureConvergence(Action begin) => Measure(begin, () => Loop.IsConverged, Clients.Count);

    /// <summary>As <see cref="MeasureConvergence"/>, where the first clients alone are waited for.</summary>
    /// <param name="begin">What to do.</param>
    /// <param name="isOver">Whether they are there.</param>
    /// <param name="count">How many clients are waited for.</param>
    /// <exception cref="LoadException">They do not get there.</exception>
    public void Measure(Action begin, Func<bool> isOver, int count)
    {
        var cpu = Watch.CpuSeconds();
        var loadCpu = ProcessUsage.CpuSeconds(Environment.ProcessId);
        var start = Stopwatch.GetTimestamp();
        begin();
        Loop.RunUntil("every receiver has everything", isOver, Options.TimeLimit);
        NoteMeasures(SecondsUntilComplete(start, count), Watch.CpuSeconds() - cpu, ProcessUsage.CpuSeconds(Environment.ProcessId) - loadCpu);
    }

    /// <summary>The seconds from a time to the last needed byte at the last receiver.</summary>
    public double SecondsUntilComplete(long start) => SecondsUntilComplete(start, Clients.Count);

    /// <summary>Sends what every client has to announce.</summary>
    public void AnnounceAll()
    {
        foreach (var client in Clients)
        {
            if (client.Plan.Announcements.Length > 0)
            {
                Loop.Send(client, client.Plan.Announcements);
            }
        }
    }

    /// <summary>Waits until caches and collectors have settled, and notes the memory then. What comes late would show in the check.</summary>
    public void Rest()
    {
        Loop.RunFor(RestTime);
        _restMiB = MiB(Watch.ResidentBytes());
    }

    /// <summary>Notes what was measured elsewhere.</summary>
    public void NoteMeasures(double wall, double cpu, double loadCpu)
    {
        _wall = wall;
        _cpu = cpu;
        _loadCpu = loadCpu;
    }

    /// <summary>Notes what the scenario measures besides.</summary>
    public void Note(string name, double value) => _values[name] = Math.Round(value, 4);

    /// <summary>The resident memory now, in MiB.</summary>
    public double ResidentMiB() => MiB(Watch.ResidentBytes());

    /// <summary>The result, with everything that receivers have held against what they should.</summary>
    /// <param name="scenario">The scenario's name.</param>
    /// <param name="failure">Why it failed; null where it did not.</param>
    /// <param name="kernel">What is wrong in the kernel, where the scenario is about that.</param>
    public RunResult Finish(string scenario, LoadException? failure, CheckResult kernel)
    {
        var check = kernel;
        foreach (var client in Clients)
        {
            check += client.Table is { } table && !MayBeDropped(client) ? table.Check() : default;
        }

        var lost = Clients.FirstOrDefault(client => client.Losses > 0 && !MayBeDropped(client));
        failure ??= lost is not null ? new LoadException(RunOutcome.Failed, $"client {lost.Plan.Index} was dropped: {lost.LastEnd}") : null;
        failure ??= !check.IsRight ? new LoadException(RunOutcome.Failed, "not every route is right") : null;
        return new RunResult
        {
            Scenario = scenario,
            Daemon = Options.Daemon.ToString(),
            Version = FindVersion(),
            Scale = Options.Scale,
            Outcome = failure?.Outcome ?? RunOutcome.Converged,
            Reason = failure is null ? null : failure.Message + (check.IsRight || _watch is null ? "" : $"; {check.Missing} missing, {check.Extra} extra, {check.Wrong} wrong") + WrongExample(),
            WallSeconds = Math.Round(_wall, 6),
            CpuSeconds = Math.Round(_cpu, 6),
            LoadCpuSeconds = Math.Round(_loadCpu, 6),
            PeakMiB = _watch is null ? 0 : Math.Round(MiB(_watch.PeakBytes()), 1),
            RestMiB = Math.Round(_restMiB, 1),
            Missing = check.Missing,
            Extra = check.Extra,
            Wrong = check.Wrong,
            Values = _values,
        };
    }

    public void Dispose()
    {
        // The daemon first: else it would work through the loss of all its sessions.
        _watch?.Dispose();
        _daemon.Dispose();
        Loop.Dispose();
        _network.Dispose();
        if (!Options.KeepsFiles)
        {
            _folder.Delete(recursive: true);
        }
    }

    private double SecondsUntilComplete(long start, int count) =>
        Math.Max(0, Clients.Take(count).Max(client => client.CompletedAt) - start) / (double)Stopwatch.Frequency;

    private static double MiB(long bytes) => bytes / (1024.0 * 1024);

    private LoadClient NewClient(ClientPlan client)
    {
        if (Options.Daemon == DaemonKind.Floor)
        {
            return new LoadClient(client, null) { OctetTarget = client.IsReceiver ? FloorTarget(client) : 0 };
        }

        // Tables of clients that are told nothing stay empty, and that is checked by nothing but their size: they get none.
        return new LoadClient(client, client.IsReceiver ? NewTable(client) : null);
    }

    // FRR shares a group's bytes with all its members, also with the one that a route came from.
    private ReceiverTable NewTable(ClientPlan client) => new(Plan.Expectation, NewRecognizer(client), client.Index, allowsEcho: Options.Daemon == DaemonKind.Frr);

    private PathRecognizer NewRecognizer(ClientPlan client) =>
        new(Plan.Expectation, LoadPlan.ViewOf(client), LoadAddresses.Daemon, LoadPlan.DaemonAsn, [.. Plan.Clients.Select(other => other.Address)]);

    /// <summary>What the relay hands on to a client: what all others announce.</summary>
    private long FloorTarget(ClientPlan client) => Plan.Clients.Where(other => other != client).Sum(other => (long)other.Announcements.Length);

    private bool IsListening() => _network.Clients.Run(() =>
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Connect(new System.Net.IPEndPoint(System.Net.IPAddress.Parse(LoadAddresses.Text(LoadAddresses.Daemon)), LoadAddresses.Port));
            return true;
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            return false;
        }
    });

    /// <summary>Empty where it is not installed, which is what the run failed of.</summary>
    private string FindVersion()
    {
        try
        {
            return _daemon.Version;
        }
        catch (LoadException)
        {
            // A program that does not even tell its version fails the run too, which says why.
            return "";
        }
    }

    private LoadException? FindFailure() => _watch switch
    {
        { IsOverLimit: true } => new(RunOutcome.Memory, $"it took more than {MiB(Options.MemoryLimit):0} MiB, and was killed"),
        { HasEnded: true } => new(RunOutcome.Failed, $"it ended: {_daemon.LogTail()}"),
        _ => null,
    };

    private string WrongExample() =>
        Clients.Select(client => client.Table?.FirstWrong).FirstOrDefault(attributes => attributes is not null) is { } example ? $"; attributes such as {example}" : "";
}
