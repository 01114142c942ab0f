namespace Bgp.Daemon.Tests;

/// <summary>Static routes in a real kernel: a session runs over them, and its routes' next hops are reached by them.</summary>
[NonParallelizable]
[Category("root")]
internal sealed class StaticRouteTests
{
    [Test]
    public void StaticRoutes_ToANeighborsLoopback_CarryItsSessionAndItsRoutes()
    {
        using var pair = new RouterPair(nexthopObjects: true)
        {
            Sections = """
                staticRoutes:
                  - {prefix: 10.9.9.9/32, via: 10.1.0.2}
                  - {prefix: "fd09::9/128", via: "fd01::2"}
                  - {prefix: 203.0.113.0/24, via: 192.0.2.1}
                """,
        };
        pair.StartFar();
        pair.StartSubject();

        pair.AwaitRoutes(RouterPair.BlockCount + 1, pair.East);

        var unreached = pair.Ask("subject", "show", "fib").EnumerateArray().Single(static route => route.GetProperty("prefix").GetString() == "203.0.113.0/24");
        Assert.That((unreached.GetProperty("installed").GetBoolean(), unreached.GetProperty("error").GetString()), Is.EqualTo((false, "192.0.2.1: no route leads there")));
    }
}
