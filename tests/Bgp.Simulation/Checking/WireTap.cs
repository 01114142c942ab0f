using System.Buffers.Binary;
using Bgp.Engine;
using Bgp.Protocol;

namespace Bgp.Simulation;

/// <summary>Reads along what one node sends to one neighbor: how many prefixes it announces and withdraws, and how far apart its KEEPALIVEs are. IPv4, without path identifiers.</summary>
public sealed class WireTap(Func<Instant> clock)
{
    private readonly List<byte> _unfinished = [];
    private Instant? _lastKeepalive;

    /// <summary>Prefixes in UPDATEs since the last <see cref="Reset"/>.</summary>
    public int Announced { get; private set; }

    public int Withdrawn { get; private set; }

    /// <summary>KEEPALIVEs in that time, and the longest time before one of them.</summary>
    public int Keepalives { get; private set; }

    public TimeSpan LongestSilence { get; private set; }

    public bool HasNotification { get; private set; }

    public void Reset() => (Announced, Withdrawn, Keepalives, LongestSilence, HasNotification) = (0, 0, 0, TimeSpan.Zero, false);

    /// <summary>Bytes left the node, in pieces of any size.</summary>
    public void Hear(ReadOnlySpan<byte> bytes)
    {
        _unfinished.AddRange(bytes);
        var whole = _unfinished.ToArray().AsSpan();
        var at = 0;
        while (whole.Length - at >= BgpConstants.HeaderLength && LengthOf(whole[at..]) is var length && whole.Length - at >= length)
        {
            Take((MessageType)whole[at + BgpConstants.HeaderLength - 1], whole.Slice(at, length)[BgpConstants.HeaderLength..]);
            at += length;
        }

        _unfinished.RemoveRange(0, at);
    }

    private void Take(MessageType type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case MessageType.Keepalive:
                var now = clock();
                LongestSilence = _lastKeepalive is { } last && now - last > LongestSilence ? now - last : LongestSilence;
                _lastKeepalive = now;
                Keepalives++;
                break;
            case MessageType.Update:
                var update = default(DecodedUpdate);
                UpdateDecoder.Split(body, new CodecProfile(CodecFlags.FourOctetAs, BgpConstants.MaxMessageLength), ref update);
                Withdrawn += Count(update.Withdrawn);
                Announced += Count(update.Announced);
                break;
            case MessageType.Notification:
                HasNotification = true;
                break;
        }
    }

    private static int Count(ReadOnlySpan<byte> nlri)
    {
        var reader = new NlriReader(nlri, AddressFamily.Ipv4Unicast, false);
        var count = 0;
        while (reader.TryRead(out _, out _))
        {
            count++;
        }

        return count;
    }

    private static int LengthOf(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[(BgpConstants.HeaderLength - 3)..]);
}
