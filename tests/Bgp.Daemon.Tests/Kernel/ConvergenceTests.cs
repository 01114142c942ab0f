using System.Diagnostics;
using System.Globalization;
using Bgp.Linux;
using Bgp.Protocol;
using NetlinkAddress = Bgp.Linux.KernelAddress;

namespace Bgp.Daemon.Tests;

/// <summary>
/// What changes on the way to a next hop moves our routes in the kernel at once. How long that took is printed: from before the change was asked of the kernel to when this process heard of the
/// last of our routes. What to expect is in docs/adr/0006; here only that it happens is tested, since machines are slow.
/// </summary>
[NonParallelizable]
[Category("root")]
[TestFixture(true)]
[TestFixture(false)]
internal sealed class ConvergenceTests(bool nexthopObjects)
{
    private const int Rounds = 9;

    [Test]
    public void LinkDown_AnotherWayIsThere_RoutesMove()
    {
        using var pair = Ready(
            pair =>
            {
                pair.AddRoute("10.9.9.9/32", "10.1.0.2", pair.East, 10);
                pair.AddRoute("fd09::9/128", "fd01::2", pair.East, 10);
                pair.AddRoute("10.9.9.9/32", "10.2.0.2", pair.West, 20);
                pair.AddRoute("fd09::9/128", "fd02::2", pair.West, 20);
            },
            out var diary);
        using (diary)
        {
            var times = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                diary.Clear();
                var start = Stopwatch.GetTimestamp();
                pair.Netlink.SetLinkDown(pair.East);
                pair.AwaitRoutes(RouterPair.BlockCount, pair.West);
                times.Add(Time(diary, start, pair.West));

                pair.Netlink.SetLinkUp(pair.East);
                pair.RestoreEast();
                pair.AddRoute("10.9.9.9/32", "10.1.0.2", pair.East, 10);
                pair.AddRoute("fd09::9/128", "fd01::2", pair.East, 10);
                pair.AwaitRoutes(RouterPair.BlockCount, pair.East);
            }

            Print("link down", times);
        }
    }

    [Test]
    public void KernelRoute_MovesToAnotherGateway_RoutesMove()
    {
        using var pair = Ready(
            pair =>
            {
                pair.AddRoute("10.9.9.9/32", "10.1.0.2", pair.East, 10);
                pair.AddRoute("fd09::9/128", "fd01::2", pair.East, 10);
            },
            out var diary);
        using (diary)
        {
            var times = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                diary.Clear();
                var start = Stopwatch.GetTimestamp();
                pair.MoveRoute("10.9.9.9/32", "10.2.0.2", pair.West, 10);
                pair.MoveRoute("fd09::9/128", "fd02::2", pair.West, 10);
                pair.AwaitRoutes(RouterPair.BlockCount, pair.West);
                times.Add(Time(diary, start, pair.West));

                pair.MoveRoute("10.9.9.9/32", "10.1.0.2", pair.East, 10);
                pair.MoveRoute("fd09::9/128", "fd01::2", pair.East, 10);
                pair.AwaitRoutes(RouterPair.BlockCount, pair.East);
            }

            Print("gateway moved", times);
        }
    }

    [Test]
    public void Address_RemovedFromTheNextHopsSubnet_RoutesMove()
    {
        using var pair = Ready(
            pair =>
            {
                pair.AddFarAddressOnEast();
                RouterPair.AddAddress(pair.Netlink, pair.East, "10.9.9.1", 24, "fd09::1", 64);
                pair.AddRoute("10.9.0.0/16", "10.2.0.2", pair.West, 10);
                pair.AddRoute("fd09::/48", "fd02::2", pair.West, 10);
            },
            out var diary);
        using (diary)
        {
            var times = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                diary.Clear();
                var start = Stopwatch.GetTimestamp();
                pair.Netlink.DeleteAddress(new NetlinkAddress(IpAddress.Parse("10.9.9.1"), 24, pair.East));
                pair.Netlink.DeleteAddress(new NetlinkAddress(IpAddress.Parse("fd09::1"), 64, pair.East));
                pair.AwaitRoutes(RouterPair.BlockCount, pair.West);
                times.Add(Time(diary, start, pair.West));

                RouterPair.AddAddress(pair.Netlink, pair.East, "10.9.9.1", 24, "fd09::1", 64);
                pair.AwaitRoutes(RouterPair.BlockCount, pair.East);
            }

            Print("address removed", times);
        }
    }

    private RouterPair Ready(Action<RouterPair> routes, out KernelDiary diary)
    {
        var pair = new RouterPair(nexthopObjects);
        routes(pair);
        pair.StartFar();
        pair.StartSubject();
        pair.AwaitRoutes(RouterPair.BlockCount, pair.East);
        diary = new KernelDiary(pair.Space);
        return pair;
    }

    /// <summary>Milliseconds from the start to the last news of one of our routes over the new link.</summary>
    private static double Time(KernelDiary diary, long start, int link)
    {
        bool IsMoved(KernelEvent news) => news.Kind == KernelEventKind.Route && news.Route.NextHops.Count > 0 && news.Route.NextHops[0].InterfaceIndex == link;
        int Moved() => diary.Ours.Where(entry => IsMoved(entry.News)).Select(entry => entry.News.Route.Prefix).Distinct().Count();
        Assert.That(SpinWait.SpinUntil(() => Moved() == 2 * RouterPair.BlockCount, TimeSpan.FromSeconds(30)), "the diary lacks routes");
        return Stopwatch.GetElapsedTime(start, diary.Ours.Last(entry => IsMoved(entry.News)).Time).TotalMilliseconds;
    }

    private void Print(string what, List<double> times)
    {
        var median = times.Order().ElementAt(times.Count / 2);
        var all = string.Join(", ", times.Select(time => time.ToString("F1", CultureInfo.InvariantCulture)));
        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}, {(nexthopObjects ? "nexthop objects" : "inline")}: {2 * RouterPair.BlockCount} routes moved in {median:F1} ms (median of {all})"));
    }
}
