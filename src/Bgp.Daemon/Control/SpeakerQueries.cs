using Bgp.Engine;

namespace Bgp.Daemon;

/// <summary>
/// Questions to the speaker's lanes from the control handlers. Each is short and answered by the lane between two pieces of its work; a lane that does not answer in time gives a
/// <see cref="TimeoutException"/>. Sessions are never asked by way of the routes.
/// </summary>
internal sealed class SpeakerQueries(Speaker speaker)
{
    /// <summary>Destinations that one question on the route lane may copy out.</summary>
    public const int SliceSize = 1024;

    private const int PeersPerQuestion = 256;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(900);

    public Task<T> AskSessionsAsync<T>(Func<SessionReader, T> question, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        speaker.AskSessions(reader => answer.TrySetResult(question(reader)));
        return answer.Task.WaitAsync(Patience, cancellationToken);
    }

    public Task<T> AskRoutesAsync<T>(Func<RouteReader, T> question, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        speaker.AskRoutes(reader => answer.TrySetResult(question(reader)));
        return answer.Task.WaitAsync(Patience, cancellationToken);
    }

    /// <summary>Completes when the session lane has done all that was posted before, however long that takes.</summary>
    public Task SessionsSettledAsync()
    {
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        speaker.AskSessions(_ => settled.TrySetResult());
        return settled.Task;
    }

    public Task<IReadOnlyList<PeerStatus>> PeersAsync(CancellationToken cancellationToken) =>
        AskSessionsAsync(reader => reader.Peers, cancellationToken);

    /// <summary>Routes of each neighbor by family, in a few questions; what the route lane does not tell in time is missing, since an answer about sessions never waits for routes.</summary>
    public async Task<Dictionary<PeerId, IReadOnlyList<PeerRouteCounts>>> CountsAsync(IReadOnlyList<PeerStatus> peers, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<PeerId, IReadOnlyList<PeerRouteCounts>>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(Patience);
        try
        {
            foreach (var some in peers.Select(peer => peer.Peer).Chunk(PeersPerQuestion))
            {
                foreach (var (peer, count) in await AskRoutesAsync(reader => some.Select(peer => (peer, reader.Routes.PeerCounts(peer))).ToArray(), enough.Token).ConfigureAwait(false))
                {
                    counts[peer] = count;
                }
            }
        }
        catch (Exception late) when (late is TimeoutException || (late is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The sessions are told without the counts.
        }

        return counts;
    }

    /// <summary>The next slice of a query's routes, whether each best one is in the kernel, and the cursor to go on from, −1 at the end.</summary>
    public Task<RouteSlice> RoutesAsync(RouteQuery query, int cursor, CancellationToken cancellationToken) => AskRoutesAsync(
        reader =>
        {
            var routes = new List<RouteView>();
            var next = reader.Routes.ReadSlice(query, cursor, SliceSize, routes);
            var installed = new bool[routes.Count];
            for (var i = 0; i < routes.Count; i++)
            {
                installed[i] = (routes[i].IsBest || routes[i].IsMultipath) && reader.Fib.TryGet(routes[i].Prefix, out var status) && status.IsInstalled;
            }

            return new RouteSlice(routes, installed, reader.Now, next);
        },
        cancellationToken);

    public Task<FibSlice> FibAsync(int cursor, CancellationToken cancellationToken) => AskRoutesAsync(
        reader =>
        {
            var routes = new List<FibRouteStatus>();
            if (cursor == 0)
            {
                reader.Routes.ReadUnreachedStatics(routes);
            }

            var next = reader.Fib.ReadSlice(cursor, SliceSize, routes);
            return new FibSlice(routes, next);
        },
        cancellationToken);
}

/// <summary>A piece of a table: copies, as of <paramref name="Now"/>; <paramref name="Next"/> is the cursor to go on from, −1 at the end.</summary>
internal sealed record RouteSlice(List<RouteView> Routes, bool[] IsInstalled, Instant Now, int Next);

/// <summary>A piece of the FIB: copies; <paramref name="Next"/> is the cursor to go on from, −1 at the end.</summary>
internal sealed record FibSlice(List<FibRouteStatus> Routes, int Next);
