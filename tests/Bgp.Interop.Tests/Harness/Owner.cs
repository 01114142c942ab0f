using System.Globalization;

namespace Bgp.Interop.Tests;

/// <summary>
/// Names of what outlives a killed test run (namespaces, directories): they carry the pid and the start time of the run they belong to, so that
/// the next run can tell what is left over from what is in use.
/// </summary>
internal static class Owner
{
    private const string Prefix = "bgp-interop-";

    private static readonly string Ours = $"{Prefix}{Environment.ProcessId}-{StartTime(Environment.ProcessId)}-";

    public static string NameOf(string thing) => Ours + thing;

    /// <summary>Whether this run gave the name.</summary>
    public static bool IsOurs(string name) => name.StartsWith(Ours, StringComparison.Ordinal);

    /// <summary>Whether the name is one of ours and the run that gave it is gone.</summary>
    public static bool IsLeftOver(string name)
    {
        var parts = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..].Split('-') : [];
        return parts.Length == 3 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && StartTime(pid) != parts[1];
    }

    /// <summary>Clock ticks since boot (field 22 of /proc/PID/stat), or null when there is no such process.</summary>
    private static string? StartTime(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // The second field is the program's name in parentheses and may contain anything.
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
