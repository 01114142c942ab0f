using System.Globalization;

namespace Bgp.Load;

/// <summary>The netlink loop of this program, in a process of its own.</summary>
/// <param name="place">Where it runs.</param>
/// <param name="link">The index of the device on the wire.</param>
internal sealed class KernelLoopDaemon(DaemonPlace place, int link) : DaemonUnderLoad(place)
{
    public override string Version => "netlink loop";

    public override void Start(LoadPlan plan)
    {
        var self = Environment.ProcessPath ?? throw new InvalidOperationException("this process has no path");
        string[] numbers = [.. new[] { plan.Expectation.Space.Count, link }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        Run("netlink-loop", self, "netlink-loop", "--prefixes", numbers[0], "--link", numbers[1]);
    }
}
