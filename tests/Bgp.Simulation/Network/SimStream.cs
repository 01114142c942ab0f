using Bgp.Engine;

namespace Bgp.Simulation;

/// <summary>
/// One direction of a connection: bytes in order, cut anew on their way, through a window that counts what is under way and what lies unread. A blocked way holds bytes back and delivers
/// them after it is free again, as TCP does.
/// </summary>
internal sealed class SimStream(Simulator simulator, SimSocket sender, SimSocket receiver, int capacity)
{
    // How long a retransmission may take to find out that the way is free again.
    private static readonly TimeSpan MaxRetransmission = TimeSpan.FromSeconds(1);

    private readonly Queue<(Instant Due, byte[] Bytes)> _underWay = new();
    private readonly Queue<byte[]> _unread = new();
    private Action? _arrive;
    private int _unreadOffset;
    private int _underWayCount;
    private bool _isScheduled;
    private bool _isRefusing;
    private Instant _lastDue;

    /// <summary>Bytes that the receiver may read now.</summary>
    public int Unread { get; private set; }

    /// <summary>Whether anything, the end included, has not arrived yet.</summary>
    public bool IsUnderWay => _underWay.Count > 0;

    /// <summary>The sender has closed and everything has arrived.</summary>
    public bool HasEnded { get; private set; }

    public int Free => capacity - _underWayCount - Unread;

    /// <summary>Takes as many bytes as the window has room for.</summary>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, Free);
        _isRefusing |= count < bytes.Length;
        if (count > 0)
        {
            _underWayCount += count;
            Enqueue(bytes[..count].ToArray());
        }

        return count;
    }

    /// <summary>The end (FIN), behind all bytes.</summary>
    public void End() => Enqueue([]);

    public int Read(Span<byte> into)
    {
        var count = 0;
        while (count < into.Length && _unread.TryPeek(out var chunk))
        {
            var take = Math.Min(into.Length - count, chunk.Length - _unreadOffset);
            chunk.AsSpan(_unreadOffset, take).CopyTo(into[count..]);
            count += take;
            _unreadOffset += take;
            if (_unreadOffset == chunk.Length)
            {
                _unread.Dequeue();
                _unreadOffset = 0;
            }
        }

        Unread -= count;
        if (count > 0 && (_isRefusing || simulator.Network.CutsAtRandom))
        {
            // The window opens when the acknowledgement is there. Where all is left to chance the sender is also woken for nothing, as may happen.
            _isRefusing = false;
            simulator.After(simulator.Network.DelayBetween(receiver.Host, sender.Host), sender.BecomeWritable);
        }

        return count;
    }

    /// <summary>Drops what was not read, as a reset may.</summary>
    public void Discard()
    {
        _unread.Clear();
        _unreadOffset = 0;
        Unread = 0;
    }

    /// <summary>The way may be free again.</summary>
    public void Resume()
    {
        if (_underWay.Count > 0 && !_isScheduled)
        {
            Schedule(simulator.Now + simulator.Random.Between(TimeSpan.Zero, MaxRetransmission));
        }
    }

    private void Enqueue(byte[] bytes)
    {
        var due = simulator.Now + simulator.Network.DelayBetween(sender.Host, receiver.Host);
        _lastDue = due > _lastDue ? due : _lastDue;
        _underWay.Enqueue((_lastDue, bytes));
        if (_underWay.Count == 1)
        {
            Schedule(_lastDue);
        }
    }

    private void Schedule(Instant at)
    {
        _isScheduled = true;
        simulator.At(at, _arrive ??= Arrive);
    }

    private void Arrive()
    {
        _isScheduled = false;
        if (simulator.Network.IsBlocked(sender.Ends.Local, receiver.Ends.Local) || !receiver.Host.IsHostUp)
        {
            // Lost. TCP sends it again, which Resume stands for.
            return;
        }

        var (_, bytes) = _underWay.Dequeue();
        _underWayCount -= bytes.Length;
        if (receiver.IsGone)
        {
            if (bytes.Length > 0)
            {
                simulator.Network.SendReset(receiver.Host, sender);
            }
        }
        else if (bytes.Length == 0)
        {
            HasEnded = true;
            receiver.BecomeReadable();
        }
        else
        {
            _unread.Enqueue(bytes);
            Unread += bytes.Length;
            receiver.BecomeReadable();
        }

        if (_underWay.TryPeek(out var next) && !_isScheduled)
        {
            Schedule(next.Due);
        }
    }
}
