using Bgp.Linux;
using Bgp.Protocol;
using NetlinkRoute = Bgp.Linux.KernelRoute;

namespace Bgp.Daemon.Tests;

/// <summary>Metrics that routes have of their own, in a real kernel and over restarts.</summary>
[NonParallelizable]
[Category("root")]
[TestFixture(true)]
[TestFixture(false)]
internal sealed class KernelMetricTests(bool nexthopObjects)
{
    /// <summary>2147483647 − 100.</summary>
    private const uint Complement = 2147483547;

    [Test]
    public void Restart_WithAnotherMetric_RoutesMoveToItAndNoneIsLeft()
    {
        using var pair = new RouterPair(nexthopObjects) { FibFields = "metric: complementOfLocalPref" };
        pair.AddRoute("10.9.9.9/32", "10.1.0.2", pair.East, 10);
        pair.AddRoute("fd09::9/128", "fd01::2", pair.East, 10);
        pair.StartFar();
        pair.StartSubject();
        pair.AwaitRoutes(RouterPair.BlockCount, pair.East);
        var complements = Metrics(pair);
        pair.KillSubject();

        pair.FibFields = "policy: [blocks]";
        pair.Sections = "policies: {blocks: [{match: {family: ipv4-unicast}, set: {kernelMetric: 77}, action: accept}, {action: accept}]}";
        pair.StartSubject();

        Assert.That(complements, Is.EqualTo((Complement, Complement)));
        Assert.That(SpinWait.SpinUntil(() => Metrics(pair) == (77u, 1024u), TimeSpan.FromSeconds(60)), () => $"{Metrics(pair)}\n{pair.Log("subject")}");
        pair.AwaitRoutes(RouterPair.BlockCount, pair.East);
    }

    [Test]
    public void Blackhole_SetByThePolicy_IsInTheKernel()
    {
        using var pair = new RouterPair(nexthopObjects)
        {
            FibFields = "policy: [drop]",
            Sections = "policies: {drop: [{match: {prefix: {equal: 198.18.0.0/24}}, set: {blackhole: true}, action: accept}, {action: accept}]}",
        };
        pair.AddRoute("10.9.9.9/32", "10.1.0.2", pair.East, 10);
        pair.AddRoute("fd09::9/128", "fd01::2", pair.East, 10);
        pair.StartFar();
        pair.StartSubject();

        bool IsDropped() => pair.Ours(Afi.Ipv4) is { Count: RouterPair.BlockCount } routes
            && routes.Where(static route => route.Type == KernelRouteType.Blackhole).Select(static route => route.Prefix.ToString()).SequenceEqual(["198.18.0.0/24"]);
        Assert.That(SpinWait.SpinUntil(IsDropped, TimeSpan.FromSeconds(60)), () => $"{string.Join('\n', pair.Ours(Afi.Ipv4))}\n{pair.Log("subject")}");
    }

    /// <summary>The one metric of our routes of each family, 0 while they have several.</summary>
    private static (uint V4, uint V6) Metrics(RouterPair pair)
    {
        static uint Only(IReadOnlyList<NetlinkRoute> routes) => routes.Select(static route => route.Metric).Distinct().ToArray() is [var metric] ? metric : 0;
        return (Only(pair.Ours(Afi.Ipv4)), Only(pair.Ours(Afi.Ipv6)));
    }
}
