using System.Globalization;
using Bgp.Linux;
using static Bgp.Daemon.Tests.LabInspection;

namespace Bgp.Daemon.Tests;

/// <summary>The whole: `bgp lab` as a process, with its daemons and the kernel.</summary>
[NonParallelizable]
[Category("root")]
internal sealed class LabCommandTests
{
    private const int Deadline = 180_000;

    [OneTimeSetUp]
    public void NeedsRoot() => Assert.That(Privileges.IsRoot && Privileges.HasSysAdmin && Privileges.HasNetAdmin, "these tests make network namespaces: run them as root");

    [TearDown]
    public void Sweep() => LabRemains.Sweep();

    [Test]
    [CancelAfter(Deadline)]
    public async Task Once_ThreeNodes_EveryPingIsAnsweredAndNothingIsLeft(CancellationToken cancellation)
    {
        using var lab = LabProcess.Start("lab", "--once");
        var name = lab.Name;

        var (code, errors) = await lab.WaitForEndAsync(cancellation);

        Assert.That(code, Is.Zero, errors);
        Assert.That(lab.Output, Does.Contain("30 of 30 pings answered"));
        AssertNothingLeft(name);
    }

    [Test]
    [CancelAfter(Deadline)]
    public async Task Once_Ipv6_EveryPingOfBothFamiliesIsAnswered(CancellationToken cancellation)
    {
        using var lab = LabProcess.Start("lab", "--once", "--nodes", "2", "--ipv6");
        var name = lab.Name;

        var (code, errors) = await lab.WaitForEndAsync(cancellation);

        Assert.That(code, Is.Zero, errors);
        Assert.That(lab.Output.Split('\n').Count(line => line == "12 of 12 pings answered"), Is.EqualTo(2), lab.Output);
        AssertNothingLeft(name);
    }

    [TestCase("building", UnixSignal.Interrupt, 1)]
    [TestCase("node2: 0 of", UnixSignal.Interrupt, 1)]
    [TestCase("node2: 0 of", UnixSignal.Terminate, 1)]
    [TestCase("stays until Ctrl-C", UnixSignal.Interrupt, 0)]
    [TestCase("stays until Ctrl-C", UnixSignal.Terminate, 0)]
    [CancelAfter(Deadline)]
    public async Task Signal_AtAnyStep_NothingIsLeft(string step, UnixSignal signal, int exitCode, CancellationToken cancellation)
    {
        using var lab = LabProcess.Start("lab", "--nodes", "2");
        var name = lab.Name;
        await lab.WaitForAsync(step, cancellation);

        lab.Signal(signal);
        var (code, errors) = await lab.WaitForEndAsync(cancellation);

        Assert.That(code, Is.EqualTo(exitCode), errors);
        AssertNothingLeft(name);
    }

    [Test]
    [CancelAfter(Deadline)]
    public async Task Killed_Lab_ItsDaemonsEndAndTheNextLabRemovesTheRest(CancellationToken cancellation)
    {
        using var lab = LabProcess.Start("lab", "--nodes", "2");
        var name = lab.Name;
        await lab.WaitForAsync("stays until Ctrl-C", cancellation);

        lab.Signal(UnixSignal.Kill);
        await lab.WaitForEndAsync(cancellation);
        WaitFor(() => DaemonsOf(name).Count == 0, "the daemons to end", cancellation);
        using var next = LabProcess.Start("lab", "--nodes", "1", "--once");
        await next.WaitForEndAsync(cancellation);

        AssertNothingLeft(name);
    }

    [Test]
    [CancelAfter(Deadline)]
    public async Task Kernel_OfANode_HasTheOthersBlocksItsOwnAsBlackholeAndNothingElse(CancellationToken cancellation)
    {
        using var lab = LabProcess.Start("lab", "--ipv6");
        await lab.WaitForAsync("stays until Ctrl-C", cancellation);

        Assert.That(BgpRoutes(lab.Name, "node2"), Is.EquivalentTo(new[]
        {
            "10.244.1.0/24 via 10.0.0.1", "10.244.2.0/24 blackhole", "10.244.3.0/24 via 10.0.0.3",
            "fd00:10:244:1::/64 via fd00:10::1", "fd00:10:244:2::/64 blackhole", "fd00:10:244:3::/64 via fd00:10::3",
        }));
    }

    [Test]
    [CancelAfter(Deadline)]
    public async Task Daemon_KilledAndStartedAgain_ItsRoutesGoAndComeBackOnTheOthers(CancellationToken cancellation)
    {
        using var lab = LabProcess.Start("lab");
        var name = lab.Name;
        await lab.WaitForAsync("stays until Ctrl-C", cancellation);
        var daemon = DaemonsOf(name).Single(process => CommandLineOf(process).Contains(name.FileOf("node2")));
        string[] before = ["10.244.1.0/24 blackhole", "10.244.2.0/24 via 10.0.0.2", "10.244.3.0/24 via 10.0.0.3"];

        daemon.Signal(UnixSignal.Kill);
        WaitFor(() => BgpRoutes(name, "node1").SequenceEqual(["10.244.1.0/24 blackhole", "10.244.3.0/24 via 10.0.0.3"]), "the routes to go", cancellation);
        using var again = LabProcess.Start(
            "lab", "exec", "--lab", name.Owner.Id.ToString(CultureInfo.InvariantCulture), "node2", "--", Path.Combine(TestContext.CurrentContext.TestDirectory, "bgp"), "run", "--config", name.FileOf("node2"));
        WaitFor(() => BgpRoutes(name, "node1").SequenceEqual(before), "the routes to come back", cancellation);

        // It is no child of the lab's, and yet the lab leaves nothing of it.
        lab.Signal(UnixSignal.Interrupt);
        await lab.WaitForEndAsync(cancellation);
        AssertNothingLeft(name);
    }

    [Test]
    [CancelAfter(Deadline)]
    public async Task Exec_OfBgpInARouter_AsksItsOwnDaemon(CancellationToken cancellation)
    {
        using var lab = LabProcess.Start("lab", "--nodes", "2");
        await lab.WaitForAsync("stays until Ctrl-C", cancellation);

        using var show = LabProcess.Start(
            "lab", "exec", "--lab", lab.Name.Owner.Id.ToString(CultureInfo.InvariantCulture), "node2", "--", Path.Combine(TestContext.CurrentContext.TestDirectory, "bgp"), "show", "summary", "-o", "json");
        var (code, errors) = await show.WaitForEndAsync(cancellation);

        Assert.That(code, Is.Zero, errors);
        Assert.That(show.Output, Does.Contain("10.0.0.2"));
    }

    [Test]
    [CancelAfter(Deadline)]
    public async Task WithoutPrivileges_AnyLab_SaysInOneLineWhatItNeeds(CancellationToken cancellation)
    {
        using var lab = LabProcess.StartWithoutPrivileges("lab", "--once");

        var (code, errors) = await lab.WaitForEndAsync(cancellation);

        Assert.That((code, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length), Is.EqualTo((1, 1)));
        Assert.That(errors, Does.Contain("needs root"));
    }

    private static void WaitFor(Func<bool> condition, string what, CancellationToken cancellation) =>
        Assert.That(SpinWait.SpinUntil(() => condition() || cancellation.IsCancellationRequested, Timeout.Infinite) && !cancellation.IsCancellationRequested, $"waited in vain for {what}");
}
