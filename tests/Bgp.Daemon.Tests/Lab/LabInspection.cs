using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

/// <summary>What a lab has made on this machine, seen from outside.</summary>
internal static class LabInspection
{
    /// <summary>What `ip route show proto bgp` shows of both families, in the order of the prefixes.</summary>
    public static List<string> BgpRoutes(LabName lab, string router)
    {
        using var space = NetworkNamespace.Open(lab.NamespaceOf(router));
        using var netlink = Rtnetlink.Open(space);
        var routes = netlink.ReadRoutes(new RouteFilter(Afi.Ipv4, 0, RouteProtocol.Bgp)).Concat(netlink.ReadRoutes(new RouteFilter(Afi.Ipv6, 0, RouteProtocol.Bgp)));
        return [.. routes.OrderBy(route => route.Prefix).Select(route =>
            $"{route.Prefix} {(route.Type == KernelRouteType.Blackhole ? "blackhole" : $"via {route.NextHops[0].Gateway}")}")];
    }

    public static void AssertNothingLeft(LabName lab)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lab.Members(), Is.Empty, "namespaces");
            Assert.That(Directory.Exists(lab.Folder), Is.False, "the folder with files and sockets");
            Assert.That(DaemonsOf(lab), Is.Empty, "processes");
        }
    }

    /// <summary>The processes that were told of a file of the lab's.</summary>
    public static IReadOnlyList<ProcessIdentity> DaemonsOf(LabName lab) =>
        [.. AllProcesses().Where(process => process.IsAlive && CommandLineOf(process).Contains($"{lab.Folder}/"))];

    public static string CommandLineOf(ProcessIdentity process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            // It has just ended.
            return "";
        }
    }

    private static IEnumerable<ProcessIdentity> AllProcesses()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && ProcessIdentity.TryRead(id, out var process))
            {
                yield return process;
            }
        }
    }
}
