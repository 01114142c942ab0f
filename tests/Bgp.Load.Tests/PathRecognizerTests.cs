using System.Buffers.Binary;

namespace Bgp.Load.Tests;

/// <summary>What a daemon must do to a route's attributes, and what it must not.</summary>
internal sealed class PathRecognizerTests
{
    private const uint Feed = 65001;

    private Expectation _expectation = null!;
    private PathSpec _path = null!;

    [SetUp]
    public void SetUp()
    {
        _expectation = new Expectation(PrefixSpace.Table(1));
        _path = _expectation.AddPath(0, LoadAddresses.Client(0), Feed, 3000);
    }

    [Test]
    public void External_DaemonInFront_IsThePath() =>
        Assert.That(Recognize(SessionView.External, Attributes([LoadPlan.DaemonAsn, Feed, 3000])), Is.EqualTo(_path.Id));

    [Test]
    public void External_DaemonNotInFront_IsWrong() =>
        Assert.That(Recognize(SessionView.External, Attributes([Feed, 3000])), Is.EqualTo(PathRecognizer.Wrong));

    [Test]
    public void External_WithLocalPref_IsWrong() =>
        Assert.That(Recognize(SessionView.External, [.. Attributes([LoadPlan.DaemonAsn, Feed, 3000]), .. Number(0x40, 5, 100)]), Is.EqualTo(PathRecognizer.Wrong));

    [Test]
    public void Reflected_WithOriginatorAndCluster_IsThePath() =>
        Assert.That(Recognize(SessionView.Reflected, Reflected(LoadAddresses.Client(0))), Is.EqualTo(_path.Id));

    [Test]
    public void Reflected_AnotherOriginator_IsWrong() =>
        Assert.That(Recognize(SessionView.Reflected, Reflected(LoadAddresses.Client(1))), Is.EqualTo(PathRecognizer.Wrong));

    [Test]
    public void Reflected_NotReflected_IsWrong() =>
        Assert.That(Recognize(SessionView.Reflected, [.. Attributes([Feed, 3000]), .. Number(0x40, 5, 100)]), Is.EqualTo(PathRecognizer.Wrong));

    [Test]
    public void Recognize_AttributeThatNobodySent_IsWrong() =>
        Assert.That(Recognize(SessionView.Untouched, [.. Attributes([Feed, 3000]), .. Number(0xc0, 32, 1)]), Is.EqualTo(PathRecognizer.Wrong));

    [Test]
    public void Recognize_MedOfZero_IsAsNone() =>
        Assert.That(Recognize(SessionView.Untouched, [.. Attributes([Feed, 3000]), .. Number(0x80, 4, 0)]), Is.EqualTo(_path.Id));

    [Test]
    public void Recognize_CutAttribute_IsWrong() =>
        Assert.That(Recognize(SessionView.Untouched, Attributes([Feed, 3000])[..^1]), Is.EqualTo(PathRecognizer.Wrong));

    private int Recognize(SessionView view, byte[] attributes) =>
        new PathRecognizer(_expectation, view, LoadAddresses.Daemon, LoadPlan.DaemonAsn, [LoadAddresses.Client(0)]).Recognize(attributes);

    private byte[] Attributes(uint[] asPath)
    {
        var value = new PathSpec(0, 0, 0, asPath).AsPathValue;
        return
        [
            0x40, 1, 1, 0,
            0x40, 2, (byte)value.Length, .. value,
            .. Number(0x40, 3, _path.NextHop),
            .. Number(0xc0, 8, _path.Community),
        ];
    }

    private byte[] Reflected(uint originator) =>
        [.. Attributes([Feed, 3000]), .. Number(0x40, 5, 100), .. Number(0x80, 9, originator), .. Number(0x80, 10, LoadAddresses.Daemon)];

    private static byte[] Number(byte flags, byte type, uint value)
    {
        var attribute = new byte[7];
        attribute[0] = flags;
        attribute[1] = type;
        attribute[2] = 4;
        BinaryPrimitives.WriteUInt32BigEndian(attribute.AsSpan(3), value);
        return attribute;
    }
}
