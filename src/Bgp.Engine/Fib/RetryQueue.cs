namespace Bgp.Engine;

/// <summary>
/// What waits before it is tried again: a queue for each delay, so that each is in the order of its deadlines. An entry may be out of date by the time it is due; the taker looks.
/// </summary>
internal sealed class RetryQueue
{
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30),
    ];

    private readonly Queue<(Instant Since, int Slot)>[] _queues = [.. Delays.Select(_ => new Queue<(Instant, int)>())];

    public Instant? Earliest
    {
        get
        {
            Instant? earliest = null;
            for (var level = 0; level < _queues.Length; level++)
            {
                if (_queues[level].TryPeek(out var head))
                {
                    earliest = Instant.Earlier(earliest, head.Since + Delays[level]);
                }
            }

            return earliest;
        }
    }

    /// <summary>The delay before attempt number <paramref name="attempt"/> + 1, counted from 1; the last delay is the bound.</summary>
    public static TimeSpan DelayAfter(int attempt) => Delays[Math.Clamp(attempt - 1, 0, Delays.Length - 1)];

    public void Add(int slot, int attempt, Instant now) => _queues[Math.Clamp(attempt - 1, 0, Delays.Length - 1)].Enqueue((now, slot));

    /// <summary>Takes one that is due, or that was waiting at <paramref name="hastened"/>.</summary>
    public bool TryTake(Instant now, Instant? hastened, out int slot)
    {
        for (var level = 0; level < _queues.Length; level++)
        {
            if (_queues[level].TryPeek(out var head) && (head.Since + Delays[level] <= now || head.Since <= hastened))
            {
                slot = _queues[level].Dequeue().Slot;
                return true;
            }
        }

        slot = -1;
        return false;
    }
}
