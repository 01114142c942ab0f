using static Bgp.Protocol.Tests.UpdateBytes;

namespace Bgp.Protocol.Tests;

public sealed class NlriReaderTests
{
    [TestCase("", ExpectedResult = "")]
    [TestCase("00", ExpectedResult = "0.0.0.0/0")]
    [TestCase("01 ff", ExpectedResult = "128.0.0.0/1")]
    [TestCase("07 ff", ExpectedResult = "254.0.0.0/7")]
    [TestCase("08 0a 09 0a80", ExpectedResult = "10.0.0.0/8 10.128.0.0/9")]
    [TestCase("18 0a0101 20 c0000207", ExpectedResult = "10.1.1.0/24 192.0.2.7/32")]
    [TestCase("1f ffffffff", ExpectedResult = "255.255.255.254/31")]
    [TestCase("21 0a01010100", ExpectedResult = "malformed")]
    [TestCase("ff", ExpectedResult = "malformed")]
    [TestCase("18 0a01", ExpectedResult = "malformed")]
    [TestCase("18 0a0101 01", ExpectedResult = "10.1.1.0/24 malformed")]
    public string Ipv4_Nlri_IsRead(string nlri) => Read(nlri, AddressFamily.Ipv4Unicast, addPath: false);

    [TestCase("00", ExpectedResult = "::/0")]
    [TestCase("20 20010db8", ExpectedResult = "2001:db8::/32")]
    [TestCase("03 ff", ExpectedResult = "e000::/3")]
    [TestCase("40 20010db800010002", ExpectedResult = "2001:db8:1:2::/64")]
    [TestCase("41 20010db800010002ff", ExpectedResult = "2001:db8:1:2:8000::/65")]
    [TestCase("7f 20010db8000000000000000000000003", ExpectedResult = "2001:db8::2/127")]
    [TestCase("80 20010db8000000000000000000000001 00", ExpectedResult = "2001:db8::1/128 ::/0")]
    [TestCase("81 20010db80000000000000000000000010a", ExpectedResult = "malformed")]
    [TestCase("40 20010db8", ExpectedResult = "malformed")]
    public string Ipv6_Nlri_IsRead(string nlri) => Read(nlri, AddressFamily.Ipv6Unicast, addPath: false);

    [TestCase("00000001 18 0a0101 ffffffff 00", ExpectedResult = "10.1.1.0/24#1 0.0.0.0/0#4294967295")]
    [TestCase("000000", ExpectedResult = "malformed")]
    [TestCase("00000001", ExpectedResult = "malformed")]
    [TestCase("00000001 18 0a01", ExpectedResult = "malformed")]
    public string AddPath_Nlri_IsRead(string nlri) => Read(nlri, AddressFamily.Ipv4Unicast, addPath: true);

    private static string Read(string nlri, AddressFamily family, bool addPath)
    {
        var bytes = Hex(nlri);
        List<string> prefixes = [];
        var reader = new NlriReader(bytes, family, addPath);
        while (reader.TryRead(out var prefix, out var pathId))
        {
            prefixes.Add(addPath ? $"{prefix}#{pathId}" : $"{prefix}");
        }

        Assert.That(NlriReader.IsWellFormed(bytes, family, addPath), Is.Not.EqualTo(reader.IsMalformed), "both say the same");
        if (!reader.IsMalformed)
        {
            Assert.That(NlriReader.Count(bytes, addPath), Is.EqualTo(prefixes.Count));
        }

        return string.Join(' ', reader.IsMalformed ? prefixes.Append("malformed") : prefixes);
    }
}
