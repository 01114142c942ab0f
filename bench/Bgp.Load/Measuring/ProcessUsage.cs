using System.Globalization;

namespace Bgp.Load;

/// <summary>What one process uses: CPU by its own clock, to the nanosecond, threads that ended included; memory by /proc/PID/status.</summary>
internal static class ProcessUsage
{
    private const int SchedulerClock = 2;

    /// <summary>The CPU seconds of a process so far; 0 where it is gone.</summary>
    public static double CpuSeconds(int processId) =>
        // The clock's number holds the process's: see clock_getcpuclockid(3).
        Native.ReadClock((~processId << 3) | SchedulerClock, out var time) == 0 ? time.Seconds + (time.Nanoseconds / 1e9) : 0;

    /// <summary>The memory that is resident now, and the most that ever was, in bytes; 0 where the process is gone.</summary>
    public static (long Resident, long Peak) Memory(int processId)
    {
        long resident = 0;
        long peak = 0;
        try
        {
            foreach (var line in File.ReadLines($"/proc/{processId}/status"))
            {
                resident = line.StartsWith("VmRSS:", StringComparison.Ordinal) ? Kilobytes(line) : resident;
                peak = line.StartsWith("VmHWM:", StringComparison.Ordinal) ? Kilobytes(line) : peak;
            }
        }
        catch (IOException)
        {
            // It ended, before or while we read.
        }

        return (resident * 1024, peak * 1024);
    }

    private static long Kilobytes(string line) =>
        long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim(), CultureInfo.InvariantCulture);
}
