using System.Text.RegularExpressions;

namespace Bgp.Load;

/// <summary>How the page calls a daemon.</summary>
internal static partial class DaemonNames
{
    /// <summary>Its name alone.</summary>
    public static string Of(DaemonKind daemon) => daemon switch
    {
        DaemonKind.Bgp => "bgp",
        DaemonKind.Bird => "BIRD",
        DaemonKind.Frr => "FRR",
        DaemonKind.GoBgp => "GoBGP",
        DaemonKind.OpenBgpd => "OpenBGPD",
        _ => "floor",
    };

    /// <summary>With its version where that tells rows apart: peers may be there in several, ours is the one of this page.</summary>
    /// <param name="daemon">The daemon.</param>
    /// <param name="version">What it prints.</param>
    public static string Of(DaemonKind daemon, string version) =>
        daemon is DaemonKind.Bgp or DaemonKind.Floor || Numbers().Match(version) is not { Success: true } number ? Of(daemon) : $"{Of(daemon)} {number.Value}";

    [GeneratedRegex(@"\d+(\.\d+)+")]
    private static partial Regex Numbers();
}
