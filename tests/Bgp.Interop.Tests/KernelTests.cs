namespace Bgp.Interop.Tests;

/// <summary>What our daemon learns from BIRD 2 and writes into the kernel's table.</summary>
[NonParallelizable]
internal sealed class KernelTests
{
    private readonly TransitTopology _topology = new(SessionType.Ebgp);

    [OneTimeSetUp]
    public void Build()
    {
        _topology.Start(SubjectKind.Daemon, Family.IPv4);
        _topology.AwaitSessions();
    }

    [OneTimeTearDown]
    public void TearDown() => _topology.Dispose();

    [Test]
    public void Route_FromPeer_IsInTheKernelUntilWithdrawn([Values] Family family)
    {
        var route = new Route(family == Family.IPv4 ? "198.51.100.0/24" : "2001:db8:100::/48");

        _topology.Left.Announce(route);
        var line = Eventually.Get($"{route.Prefix} in the kernel", () => InKernel(route), text => text.Length > 0);
        _topology.Left.Announce();
        Eventually.Get($"no {route.Prefix} in the kernel", () => InKernel(route), text => text.Length == 0);

        Assert.That(line, Does.Contain($"via {_topology.Left.Host.Address(family)} dev eth0").And.Contain("metric 1024"));
    }

    private string InKernel(Route route) => _topology.Subject.Host.Namespace.Ip(
        route.Family == Family.IPv4 ? "-4" : "-6", "route", "show", "proto", "bgp", route.Prefix).Trim();
}
