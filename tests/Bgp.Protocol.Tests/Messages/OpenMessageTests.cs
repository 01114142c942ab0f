using static Bgp.Protocol.Tests.UpdateBytes;

namespace Bgp.Protocol.Tests;

public sealed class OpenMessageTests
{
    private const string Fixed = "04 fde9 005a c0000201";

    [TestCase("03 fde9 005a c0000201 00", OpenSubcode.UnsupportedVersionNumber, "0004")]
    [TestCase("04 0000 005a c0000201 00", OpenSubcode.BadPeerAs, "")]
    [TestCase("04 fde9 0001 c0000201 00", OpenSubcode.UnacceptableHoldTime, "")]
    [TestCase("04 fde9 0002 c0000201 00", OpenSubcode.UnacceptableHoldTime, "")]
    [TestCase("04 fde9 005a 00000000 00", OpenSubcode.BadBgpIdentifier, "")]
    [TestCase(Fixed + "02 0100", OpenSubcode.UnsupportedOptionalParameter, "")]
    [TestCase(Fixed + "08 0206 4104 00000000", OpenSubcode.BadPeerAs, "")]
    [TestCase(Fixed + "07 0205 4103 00fde9", OpenSubcode.Unspecific, "")]
    [TestCase(Fixed + "07 0205 0103 000100", OpenSubcode.Unspecific, "")]
    [TestCase(Fixed + "04 0204 0201", OpenSubcode.Unspecific, "")]
    [TestCase(Fixed + "04 0202 0201", OpenSubcode.Unspecific, "")]
    [TestCase(Fixed + "03 0201 02", OpenSubcode.Unspecific, "")]
    [TestCase(Fixed + "01 02", OpenSubcode.Unspecific, "")]
    [TestCase(Fixed + "05 0202", OpenSubcode.Unspecific, "")]
    [TestCase(Fixed + "00 0202", OpenSubcode.Unspecific, "")]
    [TestCase(Fixed + "ff ff 0009 02 0002 0200", OpenSubcode.Unspecific, "")]
    [TestCase(Fixed + "ff ff 0002 0200", OpenSubcode.Unspecific, "")]
    public void Open_Malformed_IsRefusedWithTheReason(string body, OpenSubcode subcode, string data)
    {
        Assert.That(OpenMessage.TryParse(Hex(body), out _, out var error), Is.False);
        Assert.That(error, Is.EqualTo(BgpError.Open(subcode, Hex(data))));
    }

    [Test]
    public void Open_TooShort_IsABadLength()
    {
        Assert.That(OpenMessage.TryParse(Hex("04 fde9 005a c00002"), out _, out var error), Is.False);
        Assert.That(error, Is.EqualTo(BgpError.Header(HeaderSubcode.BadMessageLength, Hex("001b"))));
    }

    [TestCase((ushort)0)]
    [TestCase((ushort)3)]
    [TestCase((ushort)65535)]
    public void HoldTime_Allowed_IsRead(ushort holdTime)
    {
        var body = Hex(Fixed + "00");
        body[3] = (byte)(holdTime >> 8);
        body[4] = (byte)holdTime;
        Assert.That(OpenMessage.TryParse(body, out var open, out _), Is.True);
        Assert.That(open.HoldTime, Is.EqualTo(holdTime));
    }

    [Test]
    public void Asn_FourOctets_IsWrittenAsTransAndCapability()
    {
        var open = new OpenMessage(new Asn(4200000001), 90, new RouterId(1), new CapabilitySetBuilder().FourOctetAs(new Asn(4200000001)).Build());
        var buffer = new byte[BgpConstants.MaxMessageLength];
        Assert.That(MessageText.Hex(buffer.AsSpan(19, open.WriteTo(buffer) - 19)), Is.EqualTo("045ba0005a0000000108" + "02064104fa56ea01"));
    }

    [TestCase(252, false)]
    [TestCase(253, true)]
    [TestCase(255, true)]
    [TestCase(256, true)]
    [TestCase(3000, true)]
    public void Parameters_Long_TakeTheExtendedEncoding(int capabilityLength, bool isExtended)
    {
        var builder = new CapabilitySetBuilder();
        for (var left = capabilityLength; left > 0;)
        {
            var chunk = left is > 257 and < 260 ? 200 : Math.Min(left, 257);
            builder.Raw((CapabilityCode)200, new byte[chunk - 2]);
            left -= chunk;
        }

        var open = new OpenMessage(new Asn(65001), 90, new RouterId(1), builder.Build());
        var buffer = new byte[BgpConstants.MaxMessageLength];
        var length = open.WriteTo(buffer);
        Assert.That(length, Is.EqualTo(29 + capabilityLength + (isExtended ? 6 : 2)));
        Assert.That(buffer[28] == 255 && buffer[29] == 255, Is.EqualTo(isExtended));
        Assert.That(OpenMessage.TryParse(buffer.AsSpan(19, length - 19), out var read, out _), Is.True);
        Assert.That(read, Is.EqualTo(open));
    }
}
