using System.Buffers.Binary;

namespace Bgp.Protocol.Tests;

/// <summary>
/// Well-formed UPDATE bodies by seed and index, put together octet by octet and not by our encoder: attributes in any order, some with Extended
/// Length or Partial, lists unsorted and with repetitions, paths of two-octet speakers with AS4_PATH of the whole path or of its end.
/// </summary>
internal sealed class UpdateMaker(ulong seed)
{
    private const byte WellKnown = 0x40;
    private const byte Optional = 0x80;
    private const byte OptionalTransitive = 0xc0;
    private const byte Partial = 0x20;
    private const byte ExtendedLength = 0x10;
    private const byte ExtendedCommunities = 16;

    /// <summary>Two-octet AS, IPv4 address, four-octet AS, opaque; each transitive and not (RFC 7153 §5).</summary>
    private static readonly byte[] ExtendedTypes = [0, 1, 2, 3, 0x40, 0x41, 0x42, 0x43];

    /// <summary>The body, and whether its AS numbers have four octets.</summary>
    public (byte[] Body, bool FourOctets) Make(ulong index)
    {
        var random = new FuzzRandom(seed, index);
        var fourOctets = random.Below(2) == 0;
        var isV6 = random.Below(2) == 0;
        var prefixes = Prefixes(ref random, isV6);
        if (random.Below(8) == 0)
        {
            return (isV6 ? Body([], Attribute(ref random, Optional, 15, [0, 2, 1, .. prefixes]), []) : Body(prefixes, [], []), fourOctets);
        }

        var attributes = Attributes(ref random, fourOctets);
        attributes.Add(isV6
            ? Attribute(ref random, Optional, 14, [0, 2, 1, 16, 0x20, 1, 0x0d, 0xb8, .. Octets(ref random, 11), 1, 0, .. prefixes])
            : Attribute(ref random, WellKnown, 3, [192, 0, 2, random.Byte()]));
        for (var last = attributes.Count - 1; last > 0; last--)
        {
            var other = random.Below(last + 1);
            (attributes[last], attributes[other]) = (attributes[other], attributes[last]);
        }

        byte[] withdrawn = random.Below(4) == 0 ? Prefixes(ref random, isV6: false) : [];
        return (Body(withdrawn, [.. attributes.SelectMany(static attribute => attribute)], isV6 ? [] : prefixes), fourOctets);
    }

    private static List<byte[]> Attributes(ref FuzzRandom random, bool fourOctets)
    {
        List<byte[]> attributes = [Attribute(ref random, WellKnown, 1, [(byte)random.Below(3)])];
        AddPath(ref random, attributes, fourOctets);
        Add(ref random, attributes, Optional, 4, 4);
        Add(ref random, attributes, WellKnown, 5, 4);
        Add(ref random, attributes, WellKnown, 6, 0);
        Add(ref random, attributes, OptionalTransitive, 8, 4, longest: 80);
        Add(ref random, attributes, Optional, 9, 4);
        Add(ref random, attributes, Optional, 10, 4, longest: 5);
        Add(ref random, attributes, OptionalTransitive, 16, 8, longest: 40);
        Add(ref random, attributes, OptionalTransitive, 32, 12, longest: 30);
        if (random.Below(3) == 0)
        {
            byte[] number = fourOctets ? [0, .. Octets(ref random, 2), 1] : [random.Byte(), 1];
            attributes.Add(Attribute(ref random, OptionalTransitive, 7, [.. number, 192, 0, 2, random.Byte()]));
        }

        return attributes;
    }

    /// <summary>AS_PATH: a sequence, and after it perhaps a set; to two-octet speakers with AS4_PATH where numbers need it.</summary>
    private static void AddPath(ref FuzzRandom random, List<byte[]> attributes, bool fourOctets)
    {
        var sequence = Numbers(ref random, 1 + random.Below(12));
        var set = random.Below(4) == 0 ? Numbers(ref random, 1 + random.Below(4)) : [];
        attributes.Add(Attribute(ref random, WellKnown, 2, [.. Segment(2, sequence, fourOctets), .. Segment(1, set, fourOctets)]));
        if (!fourOctets && sequence.Concat(set).Any(static number => number > ushort.MaxValue))
        {
            var known = set.Length == 0 ? random.Below(sequence.Length) : 0;
            attributes.Add(Attribute(ref random, OptionalTransitive, 17, [.. Segment(2, sequence[known..], true), .. Segment(1, set, true)]));
        }
    }

    private static void Add(ref FuzzRandom random, List<byte[]> attributes, byte flags, byte type, int unit, int longest = 1)
    {
        if (random.Below(3) != 0)
        {
            return;
        }

        List<byte[]> members = [];
        for (var count = 1 + random.Below(longest); count > 0; count--)
        {
            members.Add(members.Count != 0 && random.Below(6) == 0 && unit > 0 && type is 8 or 16 or 32
                ? members[random.Below(members.Count)]
                : Octets(ref random, unit));
            if (type == ExtendedCommunities)
            {
                members[^1][0] = ExtendedTypes[random.Below(ExtendedTypes.Length)];
            }
        }

        attributes.Add(Attribute(ref random, flags, type, [.. members.SelectMany(static member => member)]));
    }

    private static byte[] Attribute(ref FuzzRandom random, byte flags, byte type, byte[] value)
    {
        flags |= flags == OptionalTransitive && random.Below(4) == 0 ? Partial : (byte)0;
        return value.Length > byte.MaxValue || random.Below(6) == 0
            ? [(byte)(flags | ExtendedLength), type, (byte)(value.Length >> 8), (byte)value.Length, .. value]
            : [flags, type, (byte)value.Length, .. value];
    }

    private static byte[] Segment(byte type, uint[] numbers, bool fourOctets)
    {
        if (numbers.Length == 0)
        {
            return [];
        }

        List<byte> segment = [type, (byte)numbers.Length];
        foreach (var number in numbers)
        {
            var octets = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(octets, fourOctets || number <= ushort.MaxValue ? number : Asn.Trans.Value);
            segment.AddRange(fourOctets ? octets : octets[2..]);
        }

        return [.. segment];
    }

    private static uint[] Numbers(ref FuzzRandom random, int count)
    {
        var numbers = new uint[count];
        for (var at = 0; at < count; at++)
        {
            numbers[at] = 1 + (uint)(random.Below(3) == 0 ? random.Next() >> 33 : random.Next() >> 49);
        }

        return numbers;
    }

    private static byte[] Prefixes(ref FuzzRandom random, bool isV6)
    {
        List<byte> nlri = [];
        for (var count = 1 + random.Below(20); count > 0; count--)
        {
            var length = random.Below(isV6 ? 129 : 33);
            var octets = Octets(ref random, (length + 7) / 8);
            if (length % 8 != 0)
            {
                octets[^1] &= (byte)(0xff << (8 - (length % 8)));
            }

            nlri.Add((byte)length);
            nlri.AddRange(octets);
        }

        return [.. nlri];
    }

    private static byte[] Octets(ref FuzzRandom random, int count)
    {
        var octets = new byte[count];
        random.Fill(octets);
        return octets;
    }

    private static byte[] Body(byte[] withdrawn, byte[] attributes, byte[] announced) =>
    [
        (byte)(withdrawn.Length >> 8), (byte)withdrawn.Length, .. withdrawn,
        (byte)(attributes.Length >> 8), (byte)attributes.Length, .. attributes, .. announced,
    ];
}
