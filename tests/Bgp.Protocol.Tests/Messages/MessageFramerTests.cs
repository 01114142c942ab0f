using System.Buffers;
using static Bgp.Protocol.Tests.UpdateBytes;

namespace Bgp.Protocol.Tests;

public sealed class MessageFramerTests
{
    private const string Marker = "ffffffffffffffffffffffffffffffff";

    [TestCase("0013 00", HeaderSubcode.BadMessageType, "00")]
    [TestCase("0013 06", HeaderSubcode.BadMessageType, "06")]
    [TestCase("0012 04", HeaderSubcode.BadMessageLength, "0012")]
    [TestCase("0000 04", HeaderSubcode.BadMessageLength, "0000")]
    [TestCase("0014 04", HeaderSubcode.BadMessageLength, "0014")]
    [TestCase("001c 01", HeaderSubcode.BadMessageLength, "001c")]
    [TestCase("0016 02", HeaderSubcode.BadMessageLength, "0016")]
    [TestCase("0014 03", HeaderSubcode.BadMessageLength, "0014")]
    [TestCase("0016 05", HeaderSubcode.BadMessageLength, "0016")]
    [TestCase("1001 02", HeaderSubcode.BadMessageLength, "1001")]
    [TestCase("ffff 02", HeaderSubcode.BadMessageLength, "ffff")]
    public void Header_NotAllowed_IsMalformedBeforeTheBodyIsThere(string lengthAndType, HeaderSubcode subcode, string data)
    {
        var buffer = new ReadOnlySequence<byte>(Hex(Marker + lengthAndType));
        Assert.That(MessageFramer.TryRead(ref buffer, 4096, out _, out var error), Is.EqualTo(FrameResult.Malformed));
        Assert.That(error, Is.EqualTo(BgpError.Header(subcode, Hex(data))));
    }

    [Test]
    public void Marker_AnyBitClear_IsNotSynchronized()
    {
        for (var bit = 0; bit < 128; bit++)
        {
            var bytes = Hex(Marker + "0013 04");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            var buffer = new ReadOnlySequence<byte>(bytes);
            Assert.That(MessageFramer.TryRead(ref buffer, 4096, out _, out var error), Is.EqualTo(FrameResult.Malformed));
            Assert.That(error, Is.EqualTo(BgpError.Header(HeaderSubcode.ConnectionNotSynchronized)));
        }
    }

    // RFC 8654 §4: OPEN and KEEPALIVE keep their limits.
    [TestCase("ffff 02", ExpectedResult = FrameResult.Incomplete)]
    [TestCase("ffff 03", ExpectedResult = FrameResult.Incomplete)]
    [TestCase("ffff 05", ExpectedResult = FrameResult.Incomplete)]
    [TestCase("1000 01", ExpectedResult = FrameResult.Incomplete)]
    [TestCase("1001 01", ExpectedResult = FrameResult.Malformed)]
    [TestCase("1001 04", ExpectedResult = FrameResult.Malformed)]
    public FrameResult ExtendedMessage_Length_IsAllowedByType(string lengthAndType)
    {
        var buffer = new ReadOnlySequence<byte>(Hex(Marker + lengthAndType));
        return MessageFramer.TryRead(ref buffer, BgpConstants.MaxExtendedMessageLength, out _, out _);
    }

    [Test]
    public void Frame_LongestExtended_IsWhole()
    {
        var message = new byte[BgpConstants.MaxExtendedMessageLength];
        MessageHeader.Write(message, MessageType.Update, message.Length);
        var buffer = SplitSequence.Create(message[..17], message[17..5000], message[5000..]);
        Assert.That(MessageFramer.TryRead(ref buffer, message.Length, out var frame, out _), Is.EqualTo(FrameResult.Complete));
        Assert.That((frame.Message.Length, buffer.Length), Is.EqualTo((65535L, 0L)));
    }

    [Test]
    public void Frame_TooFewOctets_LeavesTheBuffer()
    {
        var buffer = new ReadOnlySequence<byte>(Hex(Marker + "0017 02 0000"));
        Assert.That(MessageFramer.TryRead(ref buffer, 4096, out _, out _), Is.EqualTo(FrameResult.Incomplete));
        Assert.That(buffer.Length, Is.EqualTo(21));
    }
}
