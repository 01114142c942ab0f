namespace Bgp.Protocol.Tests;

public sealed class CommunityTests
{
    [TestCase("64512:1", 0xfc000001u)]
    [TestCase("0:0", 0u)]
    [TestCase("65535:65535", 0xffffffffu)]
    [TestCase("NO_EXPORT", 0xffffff01u)]
    [TestCase("NO_ADVERTISE", 0xffffff02u)]
    [TestCase("NO_EXPORT_SUBCONFED", 0xffffff03u)]
    [TestCase("NO_PEER", 0xffffff04u)]
    [TestCase("BLACKHOLE", 0xffff029au)]
    [TestCase("GRACEFUL_SHUTDOWN", 0xffff0000u)]
    [TestCase("LLGR_STALE", 0xffff0006u)]
    [TestCase("NO_LLGR", 0xffff0007u)]
    public void Community_Text_ReadsBack(string text, uint value)
    {
        Assert.That(Community.TryParse(text, out var community), Is.True);
        Assert.That((community.Value, community.ToString()), Is.EqualTo((value, text)));
    }

    [TestCase("no-export")]
    [TestCase("No_Export")]
    [TestCase("65535:65281")]
    public void Community_WellKnownInOtherWords_IsTheSame(string text)
    {
        Assert.That(Community.TryParse(text, out var community), Is.True);
        Assert.That(community, Is.EqualTo(Communities.NoExport));
    }

    [TestCase("")]
    [TestCase("1")]
    [TestCase("65536:1")]
    [TestCase("1:65536")]
    [TestCase("1:2:3")]
    [TestCase("-1:2")]
    [TestCase("1: 2")]
    [TestCase("no_such")]
    public void Community_Nonsense_IsRefused(string text) => Assert.That(Community.TryParse(text, out _), Is.False);

    [TestCase("64512:1:2", 64512u, 1u, 2u)]
    [TestCase("4294967295:0:4294967295", 4294967295u, 0u, 4294967295u)]
    public void LargeCommunity_Text_ReadsBack(string text, uint global, uint first, uint second)
    {
        Assert.That(LargeCommunity.TryParse(text, out var community), Is.True);
        Assert.That((community, community.ToString()), Is.EqualTo((new LargeCommunity(global, first, second), text)));
    }

    [TestCase("1:2")]
    [TestCase("1:2:3:4")]
    [TestCase("4294967296:0:0")]
    public void LargeCommunity_Nonsense_IsRefused(string text) => Assert.That(LargeCommunity.TryParse(text, out _), Is.False);

    [TestCase("rt:64512:4294967295", 0x0002fc00ffffffffUL)]
    [TestCase("soo:64512:1", 0x0003fc0000000001UL)]
    [TestCase("rt:192.0.2.1:7", 0x0102c00002010007UL)]
    [TestCase("rt:4200000001:7", 0x0202fa56ea010007UL)]
    [TestCase("0x0202000000010007", 0x0202000000010007UL)]
    [TestCase("0x4004fde9cccccccd", 0x4004fde9cccccccdUL)]
    public void ExtendedCommunity_Text_ReadsBack(string text, ulong value)
    {
        Assert.That(ExtendedCommunity.TryParse(text, out var community), Is.True);
        Assert.That((community.Value, community.ToString()), Is.EqualTo((value, text)));
    }

    [TestCase("rt:192.0.2.1:65536")]
    [TestCase("rt:4200000001:65536")]
    [TestCase("rt:1")]
    [TestCase("xx:1:2")]
    [TestCase("0x12")]
    public void ExtendedCommunity_Nonsense_IsRefused(string text) => Assert.That(ExtendedCommunity.TryParse(text, out _), Is.False);

    [TestCase(0x0002fc0000000001UL, ExpectedResult = true)]
    [TestCase(0x4004fde900000001UL, ExpectedResult = false)]
    public bool ExtendedCommunity_TransitiveBit_IsTold(ulong value) => new ExtendedCommunity(value).IsTransitive;
}
