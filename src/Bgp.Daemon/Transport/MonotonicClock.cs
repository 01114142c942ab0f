using System.Diagnostics;
using Bgp.Engine;

namespace Bgp.Daemon;

/// <summary>The one clock of the daemon: microseconds since its start, monotonic.</summary>
internal sealed class MonotonicClock
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public Instant Now => new((long)Stopwatch.GetElapsedTime(_start).TotalMicroseconds);
}
