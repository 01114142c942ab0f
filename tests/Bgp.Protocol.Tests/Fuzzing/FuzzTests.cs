using System.Buffers;
using System.Globalization;

namespace Bgp.Protocol.Tests;

/// <summary>
/// Random and mutated messages never throw and always end in an outcome of the table. <c>BGP_FUZZ_MESSAGES</c> says how many (1,000,000),
/// <c>BGP_FUZZ_SEED</c> by which seed; a failure names seed, index and message, and <c>BGP_FUZZ_INDEX</c> runs that one alone.
/// </summary>
public sealed class FuzzTests
{
    private const ulong DefaultSeed = 4271;
    private const ulong DefaultMessages = 1_000_000;

    private static readonly CodecProfile[] Profiles =
    [
        new(CodecFlags.FourOctetAs, 4096),
        new(CodecFlags.FourOctetAs | CodecFlags.External, 4096),
        new(CodecFlags.External, 4096),
        new(CodecFlags.None, 4096),
        new(CodecFlags.FourOctetAs | CodecFlags.AddPathIpv4 | CodecFlags.AddPathIpv6 | CodecFlags.ExtendedNextHopIpv4, 65535),
        new(CodecFlags.FourOctetAs | CodecFlags.External | CodecFlags.Confederation, 4096),
        new(CodecFlags.External | CodecFlags.Confederation | CodecFlags.AddPathIpv4, 4096),
    ];

    [Test]
    public void Messages_RandomAndMutated_EndInAnOutcomeOfTheTable()
    {
        var seed = Setting("BGP_FUZZ_SEED", DefaultSeed);
        var only = Environment.GetEnvironmentVariable("BGP_FUZZ_INDEX");
        var first = only is null ? 0 : ulong.Parse(only, CultureInfo.InvariantCulture);
        var count = only is null ? Setting("BGP_FUZZ_MESSAGES", DefaultMessages) : 1;
        var fuzzer = new MessageFuzzer(seed);
        var oracle = new UpdateOracle();
        for (var index = first; index < first + count; index++)
        {
            var message = fuzzer.Create(index);
            try
            {
                Check(message, Profiles[index % (ulong)Profiles.Length], oracle);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                Assert.Fail($"BGP_FUZZ_SEED={seed} BGP_FUZZ_INDEX={index}: {MessageText.Hex(message)}\n{failure}");
            }
        }

        TestContext.Out.WriteLine($"seed {seed}: {count} messages, {oracle.CanonicalSets} good attribute sets");
        Assert.That(only is not null || (ulong)oracle.CanonicalSets > count / 20, Is.True, "the fuzzer makes enough good sets to mean something");
    }

    private static void Check(ReadOnlySpan<byte> message, CodecProfile profile, UpdateOracle oracle)
    {
        if (message.Length < BgpConstants.HeaderLength
            || !MessageHeader.TryRead(message, profile.MaxMessageLength, out var type, out var length, out var error)
            || length > message.Length)
        {
            return;
        }

        var body = message[BgpConstants.HeaderLength..length];
        var isGood = true;
        error = BgpError.None;
        switch (type)
        {
            case MessageType.Open:
                isGood = OpenMessage.TryParse(body, out var open, out error);
                RequireSame(isGood, isGood ? RoundTrip(open) : null, open);
                break;
            case MessageType.Update:
                oracle.Check(body, profile);
                break;
            case MessageType.Notification:
                isGood = NotificationMessage.TryParse(body, out var notification, out error);
                _ = notification.ShutdownText + notification.Error;
                break;
            case MessageType.RouteRefresh:
                isGood = RouteRefreshMessage.TryParse(body, out _, out error);
                break;
            default:
                break;
        }

        if (isGood != error.IsNone)
        {
            throw new InvalidOperationException("broken: a message is refused with a reason");
        }
    }

    private static OpenMessage RoundTrip(OpenMessage open)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BgpConstants.MaxMessageLength);
        var length = open.WriteTo(buffer);
        var isGood = OpenMessage.TryParse(buffer.AsSpan(BgpConstants.HeaderLength, length - BgpConstants.HeaderLength), out var again, out _);
        ArrayPool<byte>.Shared.Return(buffer);
        return isGood ? again : throw new InvalidOperationException("broken: what we encode is well-formed");
    }

    private static void RequireSame(bool isGood, OpenMessage? again, OpenMessage open)
    {
        if (isGood && again != open)
        {
            throw new InvalidOperationException("broken: an OPEN that was encoded comes back the same");
        }
    }

    private static ulong Setting(string name, ulong fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
