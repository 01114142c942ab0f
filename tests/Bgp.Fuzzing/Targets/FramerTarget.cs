using System.Buffers;
using Bgp.Protocol;

namespace Bgp.Fuzzing;

/// <summary>A stream of messages: however it is cut into segments, and however much of it is there, the same messages come out.</summary>
internal sealed class FramerTarget() : FuzzTarget("framer")
{
    private const int MaxStreamLength = 160;
    private const int MaxMessages = 3;

    protected override IEnumerable<byte[]> Fixtures =>
        WireFixture.All.Where(static fixture => fixture.Message.Length <= MaxStreamLength).Select(static fixture => fixture.Message);

    public override int Create(ref FuzzRandom random, Span<byte> destination)
    {
        var length = 0;
        for (var count = 1 + random.Below(MaxMessages); count > 0; count--)
        {
            length += random.Below(3) == 0
                ? base.Create(ref random, destination[length..])
                : Mutator.Mutate(ref random, KeepaliveMessage.Bytes, destination[length..], BgpConstants.HeaderLength - random.Below(4));
        }

        return Math.Min(length, MaxStreamLength);
    }

    public override FuzzOutcome Check(ReadOnlySpan<byte> input)
    {
        var stream = input[..Math.Min(input.Length, MaxStreamLength)].ToArray();
        var whole = Frame(new ReadOnlySequence<byte>(stream), out var consumed);
        for (var at = 0; at <= stream.Length; at++)
        {
            BrokenRuleException.Require(Frame(SplitSequence.At(stream, at), out var split) == whole && split == consumed, "a split makes no difference");
            var ahead = new ReadOnlySequence<byte>(stream, 0, at);
            Frame(ahead, out var prefix);
            BrokenRuleException.Require(prefix <= consumed, "no more is taken from the head of a stream than from the stream");
        }

        BrokenRuleException.Require(Frame(SplitSequence.Shred(stream), out var shredded) == whole && shredded == consumed, "segments of one octet make no difference");
        return new FuzzOutcome(whole.Kind, whole.Digest);
    }

    private static FuzzOutcome Frame(ReadOnlySequence<byte> buffer, out long consumed)
    {
        var total = buffer.Length;
        var hash = new HashCode();
        var kind = new HashCode();
        while (true)
        {
            var before = buffer.Length;
            var result = MessageFramer.TryRead(ref buffer, BgpConstants.MaxMessageLength, out var frame, out var error);
            kind.Add(result);
            hash.Add(error);
            consumed = total - buffer.Length;
            BrokenRuleException.Require((result == FrameResult.Malformed) != error.IsNone, "a lost stream has a reason");
            if (result != FrameResult.Complete)
            {
                BrokenRuleException.Require(buffer.Length == before, "what is not whole is left");
                kind.Add(error.Subcode);
                return new FuzzOutcome(kind.ToHashCode(), hash.ToHashCode());
            }

            BrokenRuleException.Require(before - buffer.Length == frame.Message.Length, "a message is taken whole");
            kind.Add(frame.Type);
            foreach (var segment in frame.Message)
            {
                foreach (var octet in segment.Span)
                {
                    hash.Add(octet);
                }
            }
        }
    }
}
