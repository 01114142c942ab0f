using System.Globalization;

namespace Bgp.Linux;

/// <summary>What this process may do.</summary>
public static class Privileges
{
    private const int NetAdmin = 12;
    private const int NetRaw = 13;
    private const int SysAdmin = 21;

    /// <summary>Whether the effective user is root.</summary>
    public static bool IsRoot => Libc.EffectiveUser() == 0;

    /// <summary>May change routes, links and addresses, and use TCP MD5: CAP_NET_ADMIN.</summary>
    public static bool HasNetAdmin => Has(NetAdmin);

    /// <summary>May open raw sockets, as pings need: CAP_NET_RAW.</summary>
    public static bool HasNetRaw => Has(NetRaw);

    /// <summary>May make and enter namespaces: CAP_SYS_ADMIN.</summary>
    public static bool HasSysAdmin => Has(SysAdmin);

    private static bool Has(int capability) => (Effective(File.ReadLines("/proc/thread-self/status")) >> capability & 1) != 0;

    /// <summary>The set of effective capabilities, a bit each, from the lines of a process's status.</summary>
    internal static ulong Effective(IEnumerable<string> status)
    {
        const string Field = "CapEff:";
        foreach (var line in status)
        {
            if (line.StartsWith(Field, StringComparison.Ordinal))
            {
                return ulong.Parse(line.AsSpan(Field.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }
}
