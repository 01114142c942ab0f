using System.Reflection;
using System.Runtime.InteropServices;

namespace Bgp.Daemon;

/// <summary>What this build is.</summary>
internal static class ProgramVersion
{
    private static readonly string Informational =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    public static string Number => Informational.Split('+')[0];

    /// <summary>The commit that it was built from; <c>unknown</c> outside a repository.</summary>
    public static string Commit => Informational.Split('+') is [_, var commit] ? commit : "unknown";

    public static string Runtime => RuntimeInformation.FrameworkDescription;
}
