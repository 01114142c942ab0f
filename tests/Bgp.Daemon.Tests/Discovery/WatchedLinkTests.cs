using Bgp.Protocol;

namespace Bgp.Daemon.Tests;

/// <summary>When an interface with a neighbor advertises, and what is news of it.</summary>
internal sealed class WatchedLinkTests
{
    private static readonly IpAddress One = IpAddress.Parse("fe80::1");
    private static readonly IpAddress Other = IpAddress.Parse("fe80::2");

    [Test]
    public void Link_UpAgain_AdvertisesASecondApartThenEveryTen()
    {
        var link = new WatchedLink("eth0");
        Assert.That((link.IsRunning, link.Set(7, 1000), link.Set(7, 1000)), Is.EqualTo((false, true, false)));

        var at = new List<long>();
        for (var count = 0; count < WatchedLink.InitialAdvertisements + 2; count++)
        {
            at.Add(link.AdvertiseAt);
            Assert.That(link.Solicits, Is.EqualTo(count < WatchedLink.InitialAdvertisements));
            link.Advertised(link.AdvertiseAt);
        }

        Assert.That(at, Is.EqualTo(new long[] { 1000, 2000, 3000, 4000, 5000, 15_000, 25_000 }));
    }

    [Test]
    public void Router_HeardAgain_IsNoNews()
    {
        var link = Up();

        Assert.That((link.Hear(One, 0), link.Hear(One, 5000)), Is.EqualTo((true, false)));
        Assert.That((link.Neighbor, link.Solicits), Is.EqualTo((One, false)));
    }

    [Test]
    public void Router_Another_IsNewsButNotMoreThanOnceASecond()
    {
        var link = Up();
        link.Hear(One, 0);

        Assert.That((link.Hear(Other, WatchedLink.NewsInterval - 1), link.Hear(Other, WatchedLink.NewsInterval)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Link_DownAndUp_KnowsNobody()
    {
        var link = Up();
        link.Hear(One, 0);

        link.Set(0, 10);
        link.Set(7, 20);

        Assert.That((link.Neighbor, link.Hear(One, 20)), Is.EqualTo((IpAddress.None, true)));
    }

    [Test]
    public void Solicitations_ManyAtOnce_AreAnsweredOnce()
    {
        var link = Up();

        Assert.That((link.MayAnswer(0), link.MayAnswer(WatchedLink.AnswerInterval - 1), link.MayAnswer(WatchedLink.AnswerInterval)), Is.EqualTo((true, false, true)));
    }

    private static WatchedLink Up()
    {
        var link = new WatchedLink("eth0");
        link.Set(7, 0);
        return link;
    }
}
