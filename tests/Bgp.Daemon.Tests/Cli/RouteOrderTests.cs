using System.Text;

namespace Bgp.Daemon.Tests;

internal sealed class RouteOrderTests
{
    [Test]
    public void Sort_Routes_ByPrefixTheBestFirst()
    {
        const string Routes = """
            [{"prefix":"fd00::/64","best":true,"x":[{"y":1}]},{"prefix":"10.0.10.0/24","best":false,"n":1},{"prefix":"10.0.9.0/24","best":true},{"prefix":"10.0.10.0/24","best":true,"n":2}]
            """;

        Assert.That(Sort(Routes), Is.EqualTo("""
            [
            {"prefix":"10.0.9.0/24","best":true},
            {"prefix":"10.0.10.0/24","best":true,"n":2},
            {"prefix":"10.0.10.0/24","best":false,"n":1},
            {"prefix":"fd00::/64","best":true,"x":[{"y":1}]}
            ]
            """));
    }

    [Test]
    public void Sort_RoutesOfTheKernel_ByPrefix()
    {
        const string Fib = """
            [{"prefix":"fd00::/64","nextHops":[]},{"prefix":"10.0.10.0/24","nextHops":[{"address":null}]},{"prefix":"10.0.9.0/24","nextHops":[]}]
            """;

        Assert.That(Sort(Fib), Is.EqualTo("""
            [
            {"prefix":"10.0.9.0/24","nextHops":[]},
            {"prefix":"10.0.10.0/24","nextHops":[{"address":null}]},
            {"prefix":"fd00::/64","nextHops":[]}
            ]
            """));
    }

    [Test]
    public void Sort_Nothing_IsAnEmptyArray() => Assert.That(Sort("[]"), Is.EqualTo("[]"));

    private static string Sort(string routes) => Encoding.UTF8.GetString(RouteOrder.Sort(Encoding.UTF8.GetBytes(routes)));
}
