using System.Buffers.Binary;
using Bgp.Protocol;

namespace Bgp.Engine.Tests;

/// <summary>
/// Makes UPDATEs as a peer of a given profile may send them, octet by octet and without our encoder, so that two-octet paths, AS4_PATH, path identifiers and both places for
/// next hops are its own: most of them good, some mutated. Prefixes and attribute values come from small pools, so that routes meet.
/// </summary>
internal sealed class UpdateFuzzer(Random random)
{
    private static readonly string[] Prefixes4 = ["0.0.0.0/0", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.128/25", "10.1.2.3/32", "192.0.2.0/24", "198.51.100.0/22", "203.0.113.4/30"];
    private static readonly uint[] AsNumbers = [64512, 64513, 65001, 65010, 23456, 3356, 4200000001, 70000];
    private static readonly string[] NextHops4 = ["10.0.0.101", "10.0.0.102", "10.0.0.105", "10.0.9.9", "10.0.0.1", "172.16.5.5", "192.0.2.200"];
    private static readonly string[] NextHops6 = ["fd00::65", "fd00::66", "fd00::1", "fd00::99", "2001:db8:9::9"];

    private readonly List<byte> _attributes = [];

    /// <summary>A whole message of the peer.</summary>
    public byte[] Create(TestPeer peer)
    {
        var message = random.Next(12) switch
        {
            0 => Withdrawal(peer),
            1 when peer.EnhancedRefresh => Demarcation(peer),
            2 => EndOfRib(peer),
            _ => Announcement(peer),
        };
        return random.Next(5) == 0 && message[18] == (byte)MessageType.Update ? Mutate(message) : message;
    }

    private byte[] Announcement(TestPeer peer)
    {
        var usesMp = peer.Families.Contains(AddressFamily.Ipv6Unicast) && random.Next(3) == 0;
        var overIpv6 = !usesMp && peer.FromPeer.ExtendedNextHopIpv4 && random.Next(2) == 0;
        _attributes.Clear();
        if (usesMp || overIpv6)
        {
            AddReach(peer, usesMp ? AddressFamily.Ipv6Unicast : AddressFamily.Ipv4Unicast);
        }

        AddMandatory(peer, hasNextHop: !overIpv6);
        AddOptional(peer);
        AddReflection(peer);
        var withdrawn = random.Next(6) == 0 ? Nlri(AddressFamily.Ipv4Unicast, peer, 1 + random.Next(4)) : [];
        var announced = overIpv6 || (usesMp && random.Next(4) != 0) ? [] : Nlri(AddressFamily.Ipv4Unicast, peer, 1 + random.Next(12));
        return Compose(withdrawn, announced);
    }

    private byte[] Withdrawal(TestPeer peer)
    {
        _attributes.Clear();
        var family = peer.Families[random.Next(peer.Families.Length)];
        var nlri = Nlri(family, peer, 1 + random.Next(12));
        if (family == AddressFamily.Ipv4Unicast && random.Next(3) != 0)
        {
            return Compose(nlri, []);
        }

        Add(0x80, AttributeType.MpUnreach, [0, (byte)family.Afi, (byte)family.Safi, .. nlri]);
        return Compose([], []);
    }

    private byte[] Demarcation(TestPeer peer)
    {
        var family = peer.Families[random.Next(peer.Families.Length)];
        var message = new byte[RouteRefreshMessage.Length];
        new RouteRefreshMessage(family, (RouteRefreshSubtype)(1 + random.Next(2))).WriteTo(message);
        return message;
    }

    private byte[] EndOfRib(TestPeer peer)
    {
        var marker = new byte[64];
        return marker[..UpdateBuilder.WriteEndOfRib(marker, peer.Families[random.Next(peer.Families.Length)])];
    }

    private void AddReach(TestPeer peer, AddressFamily family)
    {
        var global = Address(NextHops6);
        byte[] nextHop = random.Next(3) == 0 ? [.. global, .. Bytes(IpAddress.Parse("fe80::7"))] : global;
        var nlri = Nlri(family, peer, 1 + random.Next(8));
        Add(0x80, AttributeType.MpReach, [0, (byte)family.Afi, (byte)family.Safi, (byte)nextHop.Length, .. nextHop, 0, .. nlri]);
    }

    private void AddMandatory(TestPeer peer, bool hasNextHop)
    {
        Add(0x40, AttributeType.Origin, [(byte)random.Next(3)]);
        var path = Path(peer);
        Add(0x40, AttributeType.AsPath, EncodePath(path, peer.FromPeer.FourOctetAs));
        if (hasNextHop)
        {
            Add(0x40, AttributeType.NextHop, Address(NextHops4));
        }

        if (!peer.FromPeer.FourOctetAs && random.Next(2) == 0)
        {
            var (type, numbers) = path.Count == 0 ? ((byte)2, [4200000007]) : path[^1];
            Add(0xc0, AttributeType.As4Path, EncodePath([(type, numbers)], fourOctets: true));
        }
    }

    private void AddOptional(TestPeer peer)
    {
        if (random.Next(3) == 0)
        {
            Add(0x80, AttributeType.MultiExitDisc, Word((uint)random.Next(3)));
        }

        if (peer.Neighbor.Type == SessionType.Internal || random.Next(12) == 0)
        {
            Add(0x40, AttributeType.LocalPref, Word((uint)(100 + random.Next(2))));
        }

        if (random.Next(6) == 0)
        {
            Add(0x40, AttributeType.AtomicAggregate, []);
            var asn = AsNumbers[random.Next(AsNumbers.Length)];
            byte[] number = peer.FromPeer.FourOctetAs ? Word(asn) : [(byte)(asn >> 8), (byte)asn];
            Add(0xc0, AttributeType.Aggregator, [.. number, 192, 0, 2, 9]);
            if (!peer.FromPeer.FourOctetAs && random.Next(2) == 0)
            {
                Add(0xc0, AttributeType.As4Aggregator, [.. Word(4200000009), 192, 0, 2, 8]);
            }
        }

        if (random.Next(3) == 0)
        {
            Add(0xc0, AttributeType.Communities, Words(Size(peer), () => random.Next(9) == 0 ? 0xffffff01u + (uint)random.Next(3) : 0xfde80000u + (uint)random.Next(300)));
        }

        if (random.Next(8) == 0)
        {
            Add(0xc0, AttributeType.LargeCommunities, Words(3 * Size(peer), () => (uint)random.Next(40)));
        }

        if (random.Next(8) == 0)
        {
            Add(0xc0, AttributeType.ExtendedCommunities, Words(2 * Size(peer), () => 0x0002fde8u + (uint)random.Next(3)));
        }

        if (random.Next(8) == 0)
        {
            Add(0xc0, (AttributeType)99, Words(Size(peer), () => (uint)random.Next(3)));
        }

        if (random.Next(8) == 0)
        {
            Add(0xc0, AttributeType.OnlyToCustomer, Word(AsNumbers[random.Next(AsNumbers.Length)]));
        }
    }

    private void AddReflection(TestPeer peer)
    {
        if (peer.Neighbor.Type == SessionType.External || random.Next(3) != 0)
        {
            return;
        }

        Add(0x80, AttributeType.OriginatorId, Word(0x0a000001u + (uint)random.Next(3)));
        Add(0x80, AttributeType.ClusterList, Words(Size(peer), () => random.Next(40) == 0 ? 0x0a000001u : 0x0a000010u + (uint)random.Next(5)));
    }

    /// <summary>Segments of a path: most are short, some long, and a few so long that another coding of them no longer fits into a message.</summary>
    private List<(byte Type, uint[] Numbers)> Path(TestPeer peer)
    {
        List<(byte, uint[])> path = [];
        if (peer.Neighbor.Type == SessionType.External && random.Next(12) != 0)
        {
            path.Add((2, [peer.Neighbor.RemoteAsn.Value, .. Numbers(random.Next(4))]));
        }

        for (var more = random.Next(3); more > 0; more--)
        {
            var isConfederation = peer.Neighbor.Type == SessionType.Internal && random.Next(8) == 0;
            path.Add(((byte)(1 + random.Next(2) + (isConfederation ? 2 : 0)), Numbers(1 + random.Next(4))));
        }

        if (random.Next(25) == 0)
        {
            var segments = (peer.FromPeer.MaxMessageLength > BgpConstants.MaxMessageLength ? 40 : 4) * (random.Next(3) + 1) / 4;
            for (; segments > 0; segments--)
            {
                path.Add((2, Numbers(180 + random.Next(76))));
            }
        }

        return path;
    }

    private uint[] Numbers(int count)
    {
        var numbers = new uint[count];
        for (var at = 0; at < count; at++)
        {
            numbers[at] = AsNumbers[random.Next(random.Next(4) == 0 ? 1 : 2) == 0 && random.Next(10) != 0 ? 1 + random.Next(AsNumbers.Length - 1) : random.Next(AsNumbers.Length)];
        }

        return numbers;
    }

    private static byte[] EncodePath(List<(byte Type, uint[] Numbers)> path, bool fourOctets)
    {
        List<byte> bytes = [];
        foreach (var (type, numbers) in path)
        {
            bytes.Add(type);
            bytes.Add((byte)numbers.Length);
            foreach (var number in numbers)
            {
                if (fourOctets)
                {
                    bytes.AddRange(Word(number));
                }
                else
                {
                    var narrow = number > ushort.MaxValue ? Asn.Trans.Value : number;
                    bytes.Add((byte)(narrow >> 8));
                    bytes.Add((byte)narrow);
                }
            }
        }

        return [.. bytes];
    }

    private int Size(TestPeer peer) => random.Next(30) != 0 ? 1 + random.Next(4)
        : 1 + random.Next(peer.FromPeer.MaxMessageLength > BgpConstants.MaxMessageLength ? 2500 : 200);

    private byte[] Nlri(AddressFamily family, TestPeer peer, int count)
    {
        List<byte> bytes = [];
        for (; count > 0; count--)
        {
            if (peer.FromPeer.AddPath(family))
            {
                bytes.AddRange(Word((uint)random.Next(3)));
            }

            if (family == AddressFamily.Ipv6Unicast)
            {
                bytes.AddRange([48, 0x20, 0x01, 0x0d, 0xb8, 0, (byte)random.Next(24)]);
            }
            else if (random.Next(3) == 0)
            {
                var prefix = IpPrefix.Parse(Prefixes4[random.Next(Prefixes4.Length)]);
                bytes.Add(prefix.Length);
                bytes.AddRange(Bytes(prefix.Address)[..((prefix.Length + 7) / 8)]);
            }
            else
            {
                bytes.AddRange([24, 10, 2, (byte)random.Next(40)]);
            }
        }

        return [.. bytes];
    }

    private byte[] Compose(byte[] withdrawn, byte[] announced)
    {
        var length = BgpConstants.HeaderLength + 4 + withdrawn.Length + _attributes.Count + announced.Length;
        var message = new byte[length];
        MessageHeader.Write(message, MessageType.Update, length);
        var body = message.AsSpan(BgpConstants.HeaderLength);
        BinaryPrimitives.WriteUInt16BigEndian(body, (ushort)withdrawn.Length);
        withdrawn.CopyTo(body[2..]);
        body = body[(2 + withdrawn.Length)..];
        BinaryPrimitives.WriteUInt16BigEndian(body, (ushort)_attributes.Count);
        _attributes.ToArray().CopyTo(body[2..]);
        announced.CopyTo(body[(2 + _attributes.Count)..]);
        return message;
    }

    private byte[] Mutate(byte[] message)
    {
        for (var count = 1 + random.Next(3); count > 0 && message.Length > BgpConstants.HeaderLength; count--)
        {
            var at = BgpConstants.HeaderLength + random.Next(message.Length - BgpConstants.HeaderLength);
            if (random.Next(8) == 0)
            {
                message = message[..Math.Max(BgpConstants.MinUpdateLength, at)];
            }
            else
            {
                message[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(message[at] ^ (1 << random.Next(8)));
            }
        }

        MessageHeader.Write(message, MessageType.Update, message.Length);
        return message;
    }

    private void Add(byte flags, AttributeType type, byte[] value)
    {
        if (value.Length > byte.MaxValue)
        {
            _attributes.AddRange([(byte)(flags | 0x10), (byte)type, (byte)(value.Length >> 8), (byte)value.Length]);
        }
        else
        {
            _attributes.AddRange([flags, (byte)type, (byte)value.Length]);
        }

        _attributes.AddRange(value);
    }

    private byte[] Address(string[] pool) => Bytes(IpAddress.Parse(pool[random.Next(pool.Length)]));

    private static byte[] Bytes(IpAddress address)
    {
        var bytes = new byte[16];
        return bytes[..address.WriteTo(bytes)];
    }

    private static byte[] Word(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Words(int count, Func<uint> next)
    {
        List<byte> bytes = [];
        for (; count > 0; count--)
        {
            bytes.AddRange(Word(next()));
        }

        return [.. bytes];
    }
}
