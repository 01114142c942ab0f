using Bgp.Engine;

namespace Bgp.Daemon;

/// <summary>
/// One lane of the speaker on a thread of its own: it runs the lane's work, then waits until it is woken or the lane's next deadline has come. An exception is a bug of ours and
/// ends the program: half a router is worse than none, whose routes the kernel keeps and whose peers notice.
/// </summary>
internal sealed class LaneLoop : IDisposable
{
    private readonly Lane _lane;
    private readonly MonotonicClock _clock;
    private readonly Action<Lane, Exception> _fail;
    private readonly AutoResetEvent _wakeUp = new(false);
    private readonly Thread _thread;
    private Speaker? _speaker;
    private int _isAwake;
    private bool _isStopping;

    public LaneLoop(Lane lane, MonotonicClock clock, Action<Lane, Exception> fail)
    {
        _lane = lane;
        _clock = clock;
        _fail = fail;
        _thread = new Thread(Run) { Name = $"bgp {lane}".ToLowerInvariant(), IsBackground = true };
    }

    public void Start(Speaker speaker)
    {
        _speaker = speaker;
        _thread.Start();
    }

    /// <summary>There is work: from any thread, at next to no cost while the lane is awake.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _isAwake, 1) == 0)
        {
            _wakeUp.Set();
        }
    }

    /// <summary>Lets the present run finish and ends the thread.</summary>
    public void Stop()
    {
        Volatile.Write(ref _isStopping, true);
        _wakeUp.Set();
        if (_thread.IsAlive && _thread != Thread.CurrentThread)
        {
            _thread.Join();
        }
    }

    public void Dispose()
    {
        Stop();
        _wakeUp.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!Volatile.Read(ref _isStopping) && _speaker is { } speaker)
            {
                // A full fence: what is posted after it either is seen by this run or sets the event.
                Interlocked.Exchange(ref _isAwake, 0);
                if (speaker.Run(_lane, _clock.Now) is not { } deadline)
                {
                    _wakeUp.WaitOne();
                }
                else if (deadline.Microseconds - _clock.Now.Microseconds is > 0 and var wait)
                {
                    // Rounded up: a wait that ends before the deadline would run the lane for nothing.
                    _wakeUp.WaitOne(TimeSpan.FromMilliseconds(Math.Min(int.MaxValue, (wait + 999) / 1000)));
                }
            }
        }
        catch (Exception failure) when (Report(failure))
        {
            // Never here: the filter runs before the stack unwinds, and lets the exception go on.
        }
    }

    private bool Report(Exception failure)
    {
        _fail(_lane, failure);
        return false;
    }
}
