using System.Collections.Concurrent;

namespace Bgp.Engine;

/// <summary>
/// A whole BGP speaker without IO: it owns the machines and carries the effects of one to the inputs of another, the same way in the daemon and in the simulator.
/// <para>
/// In: reports of the transport and the kernel, configurations and an operator's commands, from any thread, by the <c>Post</c> and <c>Ask</c> methods. Out: calls of
/// <see cref="ITransport"/> and <see cref="IKernel"/>, and <see cref="SpeakerEvent"/>s. Work is done only in <see cref="Run"/>, which each lane's one thread calls when it was woken or its
/// deadline has come.
/// </para>
/// <para>
/// The session lane never waits for the route lane, so that a burst of updates delays no keepalive. Control inputs of the route lane go ahead of UPDATEs; UPDATEs are bounded by the
/// credit that the transport gives each connection (a batch comes back by <see cref="ITransport.Return"/>), which also makes the one queue of batches fair among peers.
/// </para>
/// </summary>
public sealed partial class Speaker : IDisposable
{
    private readonly SpeakerOptions _options;
    private readonly ITransport _transport;
    private readonly IKernel _kernel;
    private readonly ConcurrentQueue<SessionItem> _sessionInbox = new();
    private readonly ConcurrentQueue<RouteItem> _routeInbox = new();
    private readonly ConcurrentQueue<UpdateBatch> _updateInbox = new();

    public Speaker(SpeakerOptions options, ITransport transport, IKernel kernel)
    {
        _options = options;
        _transport = transport;
        _kernel = kernel;
        _engine = new RouteEngine(options.Seed, options.Limits);
        _fib = new FibReconciler(new FibConfig { Enabled = false }, options.Seed);
    }

    /// <summary>Puts a configuration in force: the neighbors' differences on the session lane, routes and FIB on the route lane.</summary>
    public void Configure(SpeakerConfig config) => PostSession(new SessionItem { Config = config });

    /// <summary>Closes all sessions by the given intent; <see cref="IsStopped"/> when done. Nothing starts again after it.</summary>
    public void Stop(StopIntent intent) => PostSession(new SessionItem { Stop = intent });

    /// <summary>Whether a <see cref="Stop"/> is complete: no connection is open, and with a flush nothing of ours is in the kernel.</summary>
    public bool IsStopped => Volatile.Read(ref _sessionsStopped) && Volatile.Read(ref _routesStopped);

    /// <summary>A report of the transport.</summary>
    public void Post(in TransportEvent report) => PostSession(new SessionItem { Report = report });

    /// <summary>An operator's command for one neighbor.</summary>
    public void Post(PeerId peer, in SessionInput command) => PostSession(new SessionItem { Peer = peer, Command = command });

    /// <summary>An operator's command for the neighbor of this key; nothing where the number is another's by now.</summary>
    public void Post(PeerId peer, in NeighborKey key, in SessionInput command) => PostSession(new SessionItem { Peer = peer, Key = key, Command = command });

    /// <summary>UPDATEs of an admitted connection; ownership goes to the speaker.</summary>
    public void Post(UpdateBatch batch)
    {
        _updateInbox.Enqueue(batch);
        _options.Wake(Lane.Routes);
    }

    /// <summary>The transport has sent more of what the cursor reads, or has closed it.</summary>
    public void PostSent(OutputCursor cursor)
    {
        if (cursor.TryMarkReported())
        {
            PostRoute(new RouteItem { Engine = new EngineInput(EngineInputKind.Sent) { Cursor = cursor } });
        }
    }

    /// <summary>A report of the kernel about links, addresses and foreign routes.</summary>
    public void Post(KernelUpdate update) => PostRoute(new RouteItem { Engine = new EngineInput(EngineInputKind.Kernel) { Kernel = update } });

    /// <summary>A report of the kernel about our routes.</summary>
    public void Post(in FibInput input) => PostRoute(new RouteItem { Fib = input });

    /// <summary>Runs <paramref name="question"/> on the session lane.</summary>
    public void AskSessions(Action<SessionReader> question) => PostSession(new SessionItem { Question = question });

    /// <summary>Runs <paramref name="question"/> on the route lane, ahead of UPDATEs. It must be short: read a slice, and ask again.</summary>
    public void AskRoutes(Action<RouteReader> question) => PostRoute(new RouteItem { Question = question });

    /// <summary>Does a bounded amount of a lane's work. Only the lane's own thread calls it.</summary>
    /// <returns>When to call again at the latest: <see cref="Instant.Zero"/> is at once, <c>null</c> when woken.</returns>
    public Instant? Run(Lane lane, Instant now) => lane == Lane.Sessions ? RunSessions(now) : RunRoutes(now);

    public void Dispose()
    {
        _engine.Dispose();
        _fib.Dispose();
    }

    private void PostSession(in SessionItem item)
    {
        _sessionInbox.Enqueue(item);
        _options.Wake(Lane.Sessions);
    }

    private void PostRoute(in RouteItem item)
    {
        _routeInbox.Enqueue(item);
        _options.Wake(Lane.Routes);
    }

    /// <summary>One entry of the session lane's queue; one of the fields is set.</summary>
    private readonly record struct SessionItem
    {
        public SpeakerConfig? Config { get; init; }

        public StopIntent? Stop { get; init; }

        public TransportEvent? Report { get; init; }

        public PeerId Peer { get; init; }

        public NeighborKey? Key { get; init; }

        public SessionInput? Command { get; init; }

        public Action<SessionReader>? Question { get; init; }
    }

    /// <summary>One entry of the route lane's control queue; one of the fields is set.</summary>
    private readonly record struct RouteItem
    {
        public EngineInput? Engine { get; init; }

        public FibInput? Fib { get; init; }

        public Action<RouteReader>? Question { get; init; }

        /// <summary>The speaker is about to stop: from now on a route that goes away stays in the kernel.</summary>
        public bool Freeze { get; init; }

        /// <summary>The sessions are closed; the flag asks for a flush.</summary>
        public bool? Stop { get; init; }
    }
}
