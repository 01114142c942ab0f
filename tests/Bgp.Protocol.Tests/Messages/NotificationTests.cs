using static Bgp.Protocol.Tests.UpdateBytes;

namespace Bgp.Protocol.Tests;

public sealed class NotificationTests
{
    [Test]
    public void Cease_WithText_ReadsBack()
    {
        var error = BgpError.Cease(CeaseSubcode.AdministrativeReset, "update to 2.0 – back at 4");
        Assert.That(RoundTrip(error).ShutdownText, Is.EqualTo("update to 2.0 – back at 4"));
    }

    [Test]
    public void Cease_TextTooLong_IsCutAtACharacter()
    {
        var error = BgpError.Cease(CeaseSubcode.AdministrativeShutdown, new string('a', 254) + "é");
        Assert.That((error.Data.Length, error.ShutdownText), Is.EqualTo((255, new string('a', 254))));
    }

    [Test]
    public void Cease_OtherSubcode_CarriesNoText() =>
        Assert.That(BgpError.Cease(CeaseSubcode.OutOfResources, "why"), Is.EqualTo(BgpError.Cease(CeaseSubcode.OutOfResources)));

    [TestCase("", ExpectedResult = null)]
    [TestCase("00", ExpectedResult = null)]
    [TestCase("05 6162", ExpectedResult = null)]
    [TestCase("02 616263", ExpectedResult = "ab")]
    [TestCase("03 611b62", ExpectedResult = "a�b")]
    [TestCase("05 61e280ae62", ExpectedResult = "a\uFFFDb", Description = "RIGHT-TO-LEFT OVERRIDE")]
    [TestCase("02 61ff", ExpectedResult = "a�")]
    public string? ShutdownText_Data_IsReadWithCare(string data) =>
        new BgpError(NotificationCode.Cease, (byte)CeaseSubcode.AdministrativeShutdown, Hex(data)).ShutdownText;

    [Test]
    public void HardReset_Reason_IsUnwrapped()
    {
        var reason = BgpError.Cease(CeaseSubcode.AdministrativeShutdown, "bye");
        var read = RoundTrip(BgpError.HardReset(reason));
        Assert.That(read.Error.TryUnwrapHardReset(out var unwrapped), Is.True);
        Assert.That((unwrapped, read.ShutdownText), Is.EqualTo((reason, "bye")));
    }

    [Test]
    public void HardReset_Empty_IsItself()
    {
        var error = BgpError.Cease(CeaseSubcode.HardReset);
        Assert.That(error.TryUnwrapHardReset(out var reason), Is.True);
        Assert.That(reason, Is.EqualTo(error));
    }

    [Test]
    public void OtherError_Unwrapped_IsItself()
    {
        Assert.That(BgpError.HoldTimerExpired.TryUnwrapHardReset(out var reason), Is.False);
        Assert.That(reason, Is.EqualTo(BgpError.HoldTimerExpired));
    }

    [Test]
    public void Data_TooLongForAMessage_IsCut()
    {
        var buffer = new byte[BgpConstants.MaxMessageLength];
        var length = new NotificationMessage(BgpError.Update(UpdateSubcode.MalformedAttributeList, new byte[5000])).WriteTo(buffer);
        Assert.That(length, Is.EqualTo(BgpConstants.MaxMessageLength));
    }

    [TestCase("")]
    [TestCase("06")]
    public void Notification_TooShort_IsRefused(string body)
    {
        Assert.That(NotificationMessage.TryParse(Hex(body), out _, out var error), Is.False);
        Assert.That(error, Is.EqualTo(BgpError.Header(HeaderSubcode.BadMessageLength)));
    }

    [TestCase(NotificationCode.UpdateMessageError, 11, ExpectedResult = "UPDATE Message Error / Malformed AS_PATH")]
    [TestCase(NotificationCode.HoldTimerExpired, 0, ExpectedResult = "Hold Timer Expired")]
    [TestCase(NotificationCode.FiniteStateMachineError, 3, ExpectedResult = "Finite State Machine Error / Receive Unexpected Message in Established State")]
    [TestCase(NotificationCode.Cease, 200, ExpectedResult = "Cease / subcode 200")]
    [TestCase((NotificationCode)99, 7, ExpectedResult = "error code 99 / subcode 7")]
    [TestCase(NotificationCode.RouteRefreshMessageError, 1, ExpectedResult = "ROUTE-REFRESH Message Error / Invalid Message Length")]
    [TestCase(NotificationCode.OpenMessageError, 11, ExpectedResult = "OPEN Message Error / Role Mismatch")]
    public string Error_Text_IsTheRegistrysWords(NotificationCode code, byte subcode) => new BgpError(code, subcode).ToString();

    [Test]
    public void Errors_SameBytes_AreEqual()
    {
        var one = BgpError.Header(HeaderSubcode.BadMessageLength, new byte[] { 0, 18 });
        var two = BgpError.Header(HeaderSubcode.BadMessageLength, new byte[] { 0, 18 });
        var other = BgpError.Header(HeaderSubcode.BadMessageLength, new byte[] { 0, 17 });
        Assert.That((one == two, one.GetHashCode() == two.GetHashCode(), one == other), Is.EqualTo((true, true, false)));
    }

    private static NotificationMessage RoundTrip(BgpError error)
    {
        var buffer = new byte[BgpConstants.MaxMessageLength];
        var length = new NotificationMessage(error).WriteTo(buffer);
        Assert.That(NotificationMessage.TryParse(buffer.AsSpan(19, length - 19), out var read, out _), Is.True);
        Assert.That(read.Error, Is.EqualTo(error));
        return read;
    }
}
