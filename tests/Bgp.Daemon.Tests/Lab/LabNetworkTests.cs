using System.Diagnostics;
using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

/// <summary>The network alone: no daemon runs, the routes between the nodes are written by hand where a test wants them.</summary>
[NonParallelizable]
[Category("root")]
internal sealed class LabNetworkTests
{
    private static readonly LabName Lab = LabName.Current;

    [OneTimeSetUp]
    public void NeedsRoot() => Assert.That(Privileges.IsRoot && Privileges.HasSysAdmin && Privileges.HasNetAdmin, "these tests make network namespaces: run them as root");

    [TearDown]
    public void Remove() => LabRemains.Remove(Lab);

    [Test]
    public async Task Pings_RoutesWrittenByHand_AreAllAnswered()
    {
        var topology = Build(nodes: 3, ipv6: true);
        WriteRoutes(topology);

        var matrix = await PingSurvey.RunAsync(Lab, topology, CancellationToken.None);

        Assert.That(matrix.IsComplete, Is.True, matrix.ToString());
    }

    [Test]
    public async Task Pings_NoRoutesBetweenNodes_OnlyPodsOfOneNodeAnswer()
    {
        var topology = Build(nodes: 2, ipv6: false);

        var matrix = await PingSurvey.RunAsync(Lab, topology, CancellationToken.None);

        // Pods 0 and 1 are on the first node, 2 and 3 on the second.
        Assert.That(matrix.Results.Where(result => result.Time is not null).Select(result => (result.From, result.To)), Is.EqualTo(new[] { (0, 1), (1, 0), (2, 3), (3, 2) }));
    }

    [Test]
    public void Build_Cancelled_LeavesNothingAfterRemove()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.That(() => new LabNetwork(Lab, LabTopology.FullMesh(2, ipv6: false)).Build(cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
        LabRemains.Remove(Lab);

        Assert.That(Lab.Members(), Is.Empty);
    }

    [Test]
    public void Remove_AProcessRunsInside_EndsIt()
    {
        Build(nodes: 1, ipv6: false);
        using var space = NetworkNamespace.Open(Lab.NamespaceOf("node1"));
        using var process = space.StartProcess(new ProcessStartInfo("sleep", ["1000"]));

        LabRemains.Remove(Lab);

        Assert.That(process.WaitForExit(TimeSpan.FromSeconds(10)), Is.True);
    }

    [Test]
    public void Sweep_OwnerIsDead_RemovesItsNamespacesAndFolder()
    {
        var own = ProcessIdentity.Current;
        var dead = new LabName(own with { StartTime = own.StartTime - 1 });
        using var space = NetworkNamespace.Create(dead.NamespaceOf("node1"));
        Directory.CreateDirectory(dead.Folder);

        Assert.That(LabRemains.Sweep(), Does.Contain(dead));
        Assert.That(LabName.FindAll(), Does.Not.Contain(dead));
    }

    [Test]
    public void Sweep_OwnerIsAlive_TouchesNothing()
    {
        Build(nodes: 1, ipv6: false);

        Assert.That(LabRemains.Sweep(), Does.Not.Contain(Lab));
        Assert.That(Lab.Members(), Does.Contain("node1"));
    }

    [TestCase(7)]
    [TestCase(0)]
    public void Exec_ACommand_ReturnsItsExitCode(int code)
    {
        Build(nodes: 1, ipv6: false);

        Assert.That(LabExec.Run("node1", Environment.ProcessId, ["sh", "-c", $"exit {code}"]), Is.EqualTo(code));
    }

    [Test]
    public void Exec_InAPod_SeesThePodsAddress()
    {
        Build(nodes: 1, ipv6: false);

        Assert.That(LabExec.Run("pod1-2", Environment.ProcessId, ["sh", "-c", "grep -q 10.244.1.3 /proc/net/fib_trie"]), Is.Zero);
    }

    [Test]
    public void Exec_UnknownNode_NamesThoseThatAre()
    {
        Build(nodes: 1, ipv6: false);

        Assert.That(() => LabExec.Run("node9", Environment.ProcessId, ["true"]), Throws.TypeOf<LabException>().With.Message.Contain("node1, pod1-1, pod1-2"));
    }

    private static LabTopology Build(int nodes, bool ipv6)
    {
        var topology = LabTopology.FullMesh(nodes, ipv6);
        new LabNetwork(Lab, topology).Build(CancellationToken.None);
        return topology;
    }

    /// <summary>What the daemons would write.</summary>
    private static void WriteRoutes(LabTopology topology)
    {
        foreach (var router in topology.Routers)
        {
            using var space = NetworkNamespace.Open(Lab.NamespaceOf(router.Name));
            using var netlink = Rtnetlink.Open(space);
            var device = netlink.LinkIndex("eth0");
            foreach (var block in router.Blocks)
            {
                netlink.ChangeRoute(RouteOperation.Create, new KernelRoute(block) { Protocol = RouteProtocol.Bgp, Type = KernelRouteType.Blackhole });
            }

            foreach (var (other, family, block) in topology.Routers.Where(other => other != router).SelectMany(other => other.Blocks.Select((block, family) => (other, family, block))))
            {
                IpAddress gateway = other.Uplinks[0].Addresses[family].Address;
                netlink.ChangeRoute(RouteOperation.Create, new KernelRoute(block) { Protocol = RouteProtocol.Bgp, NextHops = [new(gateway, device)] });
            }
        }
    }
}
