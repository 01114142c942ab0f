using System.Globalization;

namespace Bgp.Linux;

/// <summary>
/// A process and not merely its number, which the kernel gives again: the number and the time when it started.
/// </summary>
/// <param name="Id">The process's number.</param>
/// <param name="StartTime">Clock ticks (hundredths of a second) from boot to its start.</param>
public readonly record struct ProcessIdentity(int Id, ulong StartTime)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Current => TryRead(Environment.ProcessId, out var own)
        ? own
        : throw new LinuxException("read /proc/self/stat", Errno.ENOENT);

    /// <summary>Whether the very same process is still there (a zombie counts as gone).</summary>
    public bool IsAlive => TryReadState(Id, out var now, out var state) && now == this && state is not ('Z' or 'X');

    /// <summary>Who has that number now; false where nobody has.</summary>
    public static bool TryRead(int id, out ProcessIdentity identity) => TryReadState(id, out identity, out _);

    /// <summary>Sends a signal to the very same process; false where it is gone.</summary>
    /// <exception cref="LinuxException">The kernel refused (EPERM).</exception>
    public bool Signal(UnixSignal signal)
    {
        if (!IsAlive)
        {
            return false;
        }

        if (Libc.Kill(Id, (int)signal) == 0)
        {
            return true;
        }

        return Libc.LastError == Errno.ESRCH ? false : throw new LinuxException($"send {signal} to process {Id}", Libc.LastError);
    }

    /// <summary>Reads /proc/PID/stat: the name in brackets may itself hold brackets and blanks, so fields count from the last one.</summary>
    internal static bool TryParse(int id, string stat, out ProcessIdentity identity, out char state)
    {
        const int StartTimeField = 19;
        identity = default;
        state = default;
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= StartTimeField || !ulong.TryParse(fields[StartTimeField], CultureInfo.InvariantCulture, out var start))
        {
            return false;
        }

        identity = new(id, start);
        state = fields[0][0];
        return true;
    }

    private static bool TryReadState(int id, out ProcessIdentity identity, out char state)
    {
        try
        {
            return TryParse(id, File.ReadAllText($"/proc/{id}/stat"), out identity, out state);
        }
        catch (IOException)
        {
            // No such process, or it ended while we read (ESRCH).
            identity = default;
            state = default;
            return false;
        }
    }
}
