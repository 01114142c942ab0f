using System.Globalization;
using Bgp.Linux;
using static Bgp.Daemon.Tests.LabInspection;

namespace Bgp.Daemon.Tests;

/// <summary>Reflectors and racks, run as a user runs them, with their daemons and the kernel.</summary>
[NonParallelizable]
[Category("root")]
internal sealed class LabShapeTests
{
    private const int Deadline = 180_000;

    [OneTimeSetUp]
    public void NeedsRoot() => Assert.That(Privileges.IsRoot && Privileges.HasSysAdmin && Privileges.HasNetAdmin, "these tests make network namespaces: run them as root");

    [TearDown]
    public void Sweep() => LabRemains.Sweep();

    [TestCase("--reflectors", 2)]
    [TestCase("--tor", 2)]
    [CancelAfter(Deadline)]
    public async Task Once_Shape_EveryPingOfBothFamiliesIsAnsweredAndNothingIsLeft(string option, int count, CancellationToken cancellation)
    {
        using var lab = LabProcess.Start("lab", "--once", "--ipv6", option, count.ToString(CultureInfo.InvariantCulture));
        var name = lab.Name;

        var (code, errors) = await lab.WaitForEndAsync(cancellation);

        Assert.That(code, Is.Zero, errors);
        Assert.That(lab.Output.Split('\n').Count(line => line == "30 of 30 pings answered"), Is.EqualTo(2), lab.Output);
        AssertNothingLeft(name);
    }

    [Test]
    [CancelAfter(Deadline)]
    public async Task Kernel_OfAReflectorsClient_HasTheNodesAsGateways(CancellationToken cancellation)
    {
        using var lab = LabProcess.Start("lab", "--nodes", "2", "--reflectors", "2");
        await lab.WaitForAsync("stays until Ctrl-C", cancellation);

        Assert.That(BgpRoutes(lab.Name, "node1"), Is.EqualTo(new[] { "10.244.1.0/24 blackhole", "10.244.2.0/24 via 10.0.0.2" }));
        Assert.That(BgpRoutes(lab.Name, "reflector1"), Is.Empty);
    }

    [Test]
    [CancelAfter(Deadline)]
    public async Task Kernel_OfARackedNode_HasItsTorAsGatewayOnlyToOtherRacks(CancellationToken cancellation)
    {
        // Nodes 1 and 3 are in the first rack, node 2 in the second.
        using var lab = LabProcess.Start("lab", "--tor", "2");
        await lab.WaitForAsync("stays until Ctrl-C", cancellation);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(BgpRoutes(lab.Name, "node1"), Is.EqualTo(new[] { "10.244.1.0/24 blackhole", "10.244.2.0/24 via 10.0.1.254", "10.244.3.0/24 via 10.0.1.3" }));
            Assert.That(BgpRoutes(lab.Name, "tor1"), Is.EqualTo(new[] { "10.244.1.0/24 via 10.0.1.1", "10.244.2.0/24 via 10.0.255.2", "10.244.3.0/24 via 10.0.1.3" }));
        }
    }

    [TestCase("--reflectors and --tor exclude each other", "--reflectors", "1", "--tor", "1")]
    [TestCase("--tor 4 needs as many nodes", "--tor", "4")]
    [TestCase("--reflectors: a number from 0 to 9", "--reflectors", "10")]
    [TestCase("--nodes: a number from 1 to 100", "--nodes", "0")]
    [TestCase("--nodes: a number from 1 to 100", "--nodes", "many")]
    [CancelAfter(Deadline)]
    public async Task Shape_Impossible_IsRefusedAsAWrongCommandLine(string reason, params string[] options)
    {
        using var lab = LabProcess.Start(["lab", "--once", .. options]);

        var (code, errors) = await lab.WaitForEndAsync(TestContext.CurrentContext.CancellationToken);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.Contain(reason));
    }
}
