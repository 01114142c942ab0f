using Bgp.Linux;

namespace Bgp.Load;

/// <summary>
/// Follows the processes of the daemon under load: all that are in its namespace. A thread of its own looks at their memory a few times a second, and
/// kills them past the limit: a daemon that takes all memory would end the load generator, or the machine.
/// </summary>
internal sealed class DaemonWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly NetworkNamespace _space;
    private readonly long _memoryLimit;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private volatile IReadOnlyList<ProcessIdentity> _processes;
    private volatile bool _isOverLimit;

    /// <param name="space">The daemon's namespace.</param>
    /// <param name="memoryLimit">Bytes, of all its processes.</param>
    public DaemonWatch(NetworkNamespace space, long memoryLimit)
    {
        _space = space;
        _memoryLimit = memoryLimit;
        _processes = space.FindProcesses();
        _thread = new Thread(Watch) { IsBackground = true, Name = "memory watch" };
        _thread.Start();
    }

    /// <summary>Whether the daemon was killed because of the limit.</summary>
    public bool IsOverLimit => _isOverLimit;

    /// <summary>Whether a process of the daemon's has ended.</summary>
    public bool HasEnded => _processes.Count == 0 || _processes.Any(process => !process.IsAlive);

    /// <summary>Looks again which processes there are: once the daemon is up, before anything is measured.</summary>
    public void Refresh() => _processes = _space.FindProcesses();

    public double CpuSeconds() => _processes.Sum(process => ProcessUsage.CpuSeconds(process.Id));

    public long ResidentBytes() => _processes.Sum(process => ProcessUsage.Memory(process.Id).Resident);

    /// <summary>The sum of what each process had at most.</summary>
    public long PeakBytes() => _processes.Sum(process => ProcessUsage.Memory(process.Id).Peak);

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Watch()
    {
        while (!_stop.Wait(Period))
        {
            if (ResidentBytes() > _memoryLimit)
            {
                _isOverLimit = true;
                foreach (var process in _processes)
                {
                    process.Signal(UnixSignal.Kill);
                }
            }
        }
    }
}
