using BenchmarkDotNet.Attributes;
using Bgp.Protocol;

namespace Bgp.Bench;

/// <summary>What packing an UPDATE costs; times and bytes are per message.</summary>
public class ProtocolSendBenchmarks
{
    private static readonly CodecProfile TwoOctets = new(CodecFlags.None, BgpConstants.MaxMessageLength);

    private readonly byte[] _buffer = new byte[BgpConstants.MaxMessageLength];
    private readonly byte[] _attributes = SampleUpdates.Attributes();
    private IpPrefix[] _prefixes = [];
    private IpPrefix[] _prefixesV6 = [];
    private byte[] _attributesV6 = [];

    [Params(1, 5, 500)]
    public int Prefixes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _prefixes = [.. Enumerable.Range(0, Prefixes).Select(static i => new IpPrefix(IpAddress.V4(0x0a000000 + ((uint)i << 8)), 24))];
        // At most 400 of 48 bits fit a message with these attributes.
        _prefixesV6 = [.. Enumerable.Range(0, Math.Min(Prefixes, 400)).Select(static i => new IpPrefix(IpAddress.V6(0x20010db800000000 + ((ulong)i << 16), 0), 48))];
        var writer = new PathAttributesWriter(new byte[256]);
        foreach (var attribute in new PathAttributes(_attributes))
        {
            if (attribute.Type == AttributeType.NextHop)
            {
                writer.AppendNextHop(IpAddress.V6(0x20010db800000000, 1));
            }
            else
            {
                writer.Append(attribute.Type, attribute.Flags, attribute.Value);
            }
        }

        _attributesV6 = writer.Written.ToArray();
    }

    [Benchmark]
    public int PackIpv4() => Pack(SampleUpdates.Profile, AddressFamily.Ipv4Unicast, _attributes, _prefixes);

    [Benchmark]
    public int PackIpv4ForTwoOctetPeer() => Pack(TwoOctets, AddressFamily.Ipv4Unicast, _attributes, _prefixes);

    [Benchmark]
    public int PackIpv6() => Pack(SampleUpdates.Profile, AddressFamily.Ipv6Unicast, _attributesV6, _prefixesV6);

    private int Pack(CodecProfile profile, AddressFamily family, byte[] attributes, IpPrefix[] prefixes)
    {
        var builder = new UpdateBuilder(_buffer, profile);
        builder.BeginReach(family, attributes);
        foreach (ref readonly var prefix in prefixes.AsSpan())
        {
            if (!builder.TryAdd(prefix, default))
            {
                throw new InvalidOperationException("the prefixes fit one message");
            }
        }

        return builder.Finish();
    }
}
