using System.Buffers;
using BenchmarkDotNet.Attributes;
using Bgp.Protocol;

namespace Bgp.Bench;

/// <summary>What a received UPDATE costs before the engine sees it; times and bytes are per message.</summary>
public class ProtocolReceiveBenchmarks
{
    private const int Messages = 256;

    private readonly byte[] _canonical = new byte[BgpConstants.MaxCanonicalLength];
    private readonly byte[] _key = new byte[BgpConstants.MaxMessageLength];
    private byte[] _message = [];
    private byte[] _stream = [];

    [Params(1, 5, 500)]
    public int Prefixes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _message = SampleUpdates.Message(Prefixes);
        _stream = [.. Enumerable.Repeat(_message, Messages).SelectMany(static message => message)];
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public long Framing()
    {
        var buffer = new ReadOnlySequence<byte>(_stream);
        var length = 0L;
        while (MessageFramer.TryRead(ref buffer, BgpConstants.MaxMessageLength, out var frame, out _) == FrameResult.Complete)
        {
            length += frame.Message.Length;
        }

        return length;
    }

    [Benchmark]
    public ulong SplitAndWalkPrefixes()
    {
        var update = new DecodedUpdate();
        UpdateDecoder.Split(Body, SampleUpdates.Profile, ref update);
        if (!NlriReader.IsWellFormed(update.Announced, AddressFamily.Ipv4Unicast, addPath: false))
        {
            return 0;
        }

        var sum = 0UL;
        var reader = new NlriReader(update.Announced, AddressFamily.Ipv4Unicast, addPath: false);
        while (reader.TryReadV4(out var bits, out var length, out _))
        {
            sum += bits + length;
        }

        return sum;
    }

    [Benchmark]
    public int RawKey()
    {
        var update = new DecodedUpdate();
        UpdateDecoder.Split(Body, SampleUpdates.Profile, ref update);
        return UpdateDecoder.WriteRawKey(update, _key);
    }

    [Benchmark]
    public int Canonicalize()
    {
        var update = new DecodedUpdate();
        UpdateDecoder.Split(Body, SampleUpdates.Profile, ref update);
        UpdateDecoder.Canonicalize(
            update.AttributeBytes, SampleUpdates.Profile, false, default, _canonical, out var written, out _, out _);
        return written;
    }

    private ReadOnlySpan<byte> Body => _message.AsSpan(BgpConstants.HeaderLength);
}
