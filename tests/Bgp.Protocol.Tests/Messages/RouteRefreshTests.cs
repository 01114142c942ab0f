using static Bgp.Protocol.Tests.UpdateBytes;

namespace Bgp.Protocol.Tests;

public sealed class RouteRefreshTests
{
    [TestCase("00010101 00", TestName = "Refresh_LongBeginning_IsRefused")]
    [TestCase("00010201 0000", TestName = "Refresh_LongEnd_IsRefused")]
    [TestCase("000100", TestName = "Refresh_Short_IsRefused")]
    public void Refresh_LengthWrong_IsRefusedWithTheMessage(string body)
    {
        var bytes = Hex(body);
        Assert.That(RouteRefreshMessage.TryParse(bytes, out _, out var error), Is.False);
        var message = new byte[19 + bytes.Length];
        MessageHeader.Write(message, MessageType.RouteRefresh, message.Length);
        bytes.CopyTo(message, 19);
        Assert.That(error, Is.EqualTo(BgpError.Refresh(RefreshSubcode.InvalidMessageLength, message)));
    }

    [TestCase("00010001 8002 00", RouteRefreshSubtype.Request)]
    [TestCase("00010701", (RouteRefreshSubtype)7)]
    public void Refresh_FiltersAndUnknownSubtypes_AreRead(string body, RouteRefreshSubtype subtype)
    {
        Assert.That(RouteRefreshMessage.TryParse(Hex(body), out var message, out _), Is.True);
        Assert.That(message, Is.EqualTo(new RouteRefreshMessage(AddressFamily.Ipv4Unicast, subtype)));
    }
}
