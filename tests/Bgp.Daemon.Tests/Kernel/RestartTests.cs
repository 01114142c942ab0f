using Bgp.Linux;
using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

/// <summary>A daemon that dies without a word, and the one that comes after it.</summary>
[NonParallelizable]
[Category("root")]
internal sealed class RestartTests
{
    [Test]
    public void Killed_RoutesStay_TheNextTouchesNoneThatIsRightAndSweepsWhatIsGone([Values] bool objectsBefore, [Values] bool objectsAfter)
    {
        const int Gone = 3;
        using var pair = new RouterPair(objectsBefore);
        pair.AddRoute("10.9.9.9/32", "10.1.0.2", pair.East, 10);
        pair.AddRoute("fd09::9/128", "fd01::2", pair.East, 10);
        pair.StartFar();
        pair.StartSubject();
        pair.AwaitRoutes(RouterPair.BlockCount, pair.East);
        using var diary = new KernelDiary(pair.Space);

        pair.KillSubject();
        pair.KillFar();
        pair.AwaitRoutes(RouterPair.BlockCount, pair.East);
        pair.NexthopObjects = objectsAfter;
        pair.StartFar(without: Gone);
        pair.StartSubject();
        pair.AwaitRoutes(RouterPair.BlockCount - Gone, pair.East);

        var gone = RouterPair.Blocks(Afi.Ipv4).Take(Gone).Concat(RouterPair.Blocks(Afi.Ipv6).Take(Gone));
        Assert.That(SpinWait.SpinUntil(() => diary.Ours.Count() >= 2 * Gone, TimeSpan.FromSeconds(30)), "the diary lacks the removals");
        var told = diary.Ours.Select(entry => $"{entry.News.Change} {entry.News.Kind} {entry.News.Route.Prefix}");
        Assert.That(told, Is.EquivalentTo(gone.Select(prefix => $"{KernelChange.Removed} {KernelEventKind.Route} {prefix}")));
    }
}
