namespace Bgp.Protocol.Tests;

public sealed class ValueTests
{
    [TestCase("65001", 65001u)]
    [TestCase("4294967295", 4294967295u)]
    [TestCase("64086.59905", 4200000001u)]
    [TestCase("0.1", 1u)]
    public void Asn_Text_IsRead(string text, uint value)
    {
        Assert.That(Asn.TryParse(text, out var asn), Is.True);
        Assert.That(asn.Value, Is.EqualTo(value));
    }

    [TestCase("")]
    [TestCase("4294967296")]
    [TestCase("1.65536")]
    [TestCase("1.2.3")]
    [TestCase("-1")]
    [TestCase(" 1")]
    public void Asn_Nonsense_IsRefused(string text) => Assert.That(Asn.TryParse(text, out _), Is.False);

    [TestCase(64511u, ExpectedResult = false)]
    [TestCase(64512u, ExpectedResult = true)]
    [TestCase(65534u, ExpectedResult = true)]
    [TestCase(65535u, ExpectedResult = false)]
    [TestCase(4199999999u, ExpectedResult = false)]
    [TestCase(4200000000u, ExpectedResult = true)]
    [TestCase(4294967295u, ExpectedResult = false)]
    public bool Asn_Private_IsByRfc6996(uint value) => new Asn(value).IsPrivate;

    [TestCase(65535u, ExpectedResult = 65535)]
    [TestCase(65536u, ExpectedResult = 23456)]
    public int Asn_TwoOctets_IsItselfOrTrans(uint value) => new Asn(value).ToTwoOctets();

    [TestCase("192.0.2.1")]
    [TestCase("2001:db8::1")]
    [TestCase("::")]
    [TestCase("fe80::1")]
    public void Address_TextAndBytes_ReadBack(string text)
    {
        var address = IpAddress.Parse(text);
        Span<byte> bytes = stackalloc byte[16];
        var length = address.WriteTo(bytes);
        Assert.That((address.ToString(), IpAddress.FromBytes(bytes[..length]), length), Is.EqualTo((text, address, address.ByteLength)));
    }

    [TestCase("192.0.2")]
    [TestCase("192.0.2.01")]
    [TestCase("192.0.2.256")]
    [TestCase("fe80::1%eth0")]
    [TestCase("[::1]")]
    [TestCase("host")]
    public void Address_Nonsense_IsRefused(string text) => Assert.That(IpAddress.TryParse(text, out _), Is.False);

    [TestCase("10.0.0.0/8", "10.255.255.255", ExpectedResult = true)]
    [TestCase("10.0.0.0/8", "11.0.0.0", ExpectedResult = false)]
    [TestCase("0.0.0.0/0", "203.0.113.1", ExpectedResult = true)]
    [TestCase("0.0.0.0/0", "::1", ExpectedResult = false)]
    [TestCase("2001:db8::/33", "2001:db8:7fff::1", ExpectedResult = true)]
    [TestCase("2001:db8::/33", "2001:db8:8000::1", ExpectedResult = false)]
    [TestCase("2001:db8::/96", "2001:db8::1:2", ExpectedResult = true)]
    [TestCase("2001:db8::/96", "2001:db8::1:0:2", ExpectedResult = false)]
    public bool Prefix_Contains_LooksAtItsBits(string prefix, string address) => IpPrefix.Parse(prefix).Contains(IpAddress.Parse(address));

    [TestCase("10.0.0.1/8")]
    [TestCase("10.0.0.0/33")]
    [TestCase("10.0.0.0")]
    [TestCase("2001:db8::1/64")]
    [TestCase("::/129")]
    public void Prefix_Nonsense_IsRefused(string text) => Assert.That(IpPrefix.TryParse(text, out _), Is.False);

    [Test]
    public void Prefix_Made_ClearsTheBitsPastItsLength() =>
        Assert.That(new IpPrefix(IpAddress.Parse("10.1.2.3"), 20).ToString(), Is.EqualTo("10.1.0.0/20"));

    [TestCase(0)]
    [TestCase(63)]
    [TestCase(64)]
    [TestCase(65)]
    [TestCase(128)]
    public void Prefix_Mask_KeepsThatManyBits(int length)
    {
        var mask = IpPrefix.Mask(IpAddress.V6(ulong.MaxValue, ulong.MaxValue), length);
        Assert.That(ulong.PopCount(mask.High) + ulong.PopCount(mask.Low), Is.EqualTo((ulong)length));
    }
}
