using System.Globalization;

namespace Bgp.Load;

/// <summary>The relay of this program, in a process of its own.</summary>
internal sealed class FloorDaemon(DaemonPlace place) : DaemonUnderLoad(place)
{
    public override string Version => "relay";

    public override void Start(LoadPlan plan)
    {
        var silent = plan.Clients.Where(client => !client.IsReceiver).Select(client => client.Index.ToString(CultureInfo.InvariantCulture));
        var self = Environment.ProcessPath ?? throw new InvalidOperationException("this process has no path");
        Run("relay", self, ["relay", .. silent.SelectMany(index => new[] { "--silent", index })]);
    }
}
