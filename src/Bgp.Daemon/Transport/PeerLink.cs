using Bgp.Engine;

namespace Bgp.Daemon;

/// <summary>
/// A neighbor as the route lane meets it: the connection of its established session, whichever that is now. The route lane may hear of a session before the session lane has admitted its
/// connection here, and may speak of one that is gone already.
/// </summary>
internal sealed class PeerLink(Action<OutputCursor> release)
{
    // Session lane, route lane and the connection's own loops meet here, for a few instructions each.
    private readonly Lock _gate = new();
    private readonly List<(SessionGeneration Generation, OutputCursor Cursor)> _early = [];
    private SessionGeneration _generation;
    private Connection? _connection;
    private long _updatesReceived;
    private long _updatesSent;

    /// <summary>UPDATEs of all sessions since the neighbor was configured.</summary>
    public (long Received, long Sent) Updates => (Interlocked.Read(ref _updatesReceived), Interlocked.Read(ref _updatesSent));

    public void CountReceived(int updates) => Interlocked.Add(ref _updatesReceived, updates);

    public void CountSent(int updates) => Interlocked.Add(ref _updatesSent, updates);

    public void Admit(Connection connection, SessionGeneration generation)
    {
        lock (_gate)
        {
            _connection = connection;
            _generation = generation;
            foreach (var (earlyGeneration, cursor) in _early)
            {
                if (earlyGeneration == generation)
                {
                    connection.Attach(cursor);
                }
                else
                {
                    release(cursor);
                }
            }

            _early.Clear();
        }
    }

    public void Attach(SessionGeneration generation, OutputCursor cursor)
    {
        lock (_gate)
        {
            if (generation == _generation && _connection is { } connection)
            {
                connection.Attach(cursor);
            }
            else if (generation.Value > _generation.Value)
            {
                _early.Add((generation, cursor));
            }
            else
            {
                release(cursor);
            }
        }
    }

    public void Wake(SessionGeneration generation)
    {
        lock (_gate)
        {
            if (generation == _generation)
            {
                _connection?.Wake();
            }
        }
    }

    public void ReturnCredit(SessionGeneration generation)
    {
        lock (_gate)
        {
            if (generation == _generation)
            {
                _connection?.ReturnCredit();
            }
        }
    }

    /// <summary>The connection has ended.</summary>
    public void Leave(Connection connection)
    {
        lock (_gate)
        {
            if (_connection == connection)
            {
                _connection = null;
            }
        }
    }

    /// <summary>The neighbor is gone: no session of it will be admitted any more.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            foreach (var (_, cursor) in _early)
            {
                release(cursor);
            }

            _early.Clear();
        }
    }
}
