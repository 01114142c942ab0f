using System.Buffers.Binary;

namespace Bgp.Protocol.Tests;

/// <summary>
/// Makes messages by seed and index: random octets, mutated fixtures, and mutated attribute sections put back into bodies whose lengths are
/// right, because a wrong total length ends most other mutations at once.
/// </summary>
internal sealed class MessageFuzzer(ulong seed)
{
    private const int MaxRandomBody = 160;
    private const int MaxMutations = 4;

    private static readonly byte[] Interesting = [0, 1, 2, 3, 4, 7, 8, 0x10, 0x20, 0x40, 0x7f, 0x80, 0x90, 0xc0, 0xe0, 0xff];
    private static readonly byte[] AttributeTypes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 15, 16, 17, 18, 25, 26, 32, 35, 99];
    private static readonly WireFixture[] Fixtures = [.. WireFixture.All];
    private static readonly WireFixture[] Updates = [.. WireFixture.Updates];

    private readonly byte[] _buffer = new byte[BgpConstants.MaxMessageLength * 4];
    private readonly byte[] _section = new byte[BgpConstants.MaxMessageLength];

    /// <summary>A whole message; valid until the next call.</summary>
    public ReadOnlySpan<byte> Create(ulong index)
    {
        var random = new FuzzRandom(seed, index);
        var length = random.Below(10) switch
        {
            0 or 1 => RandomBody(ref random),
            2 => Mutate(ref random, Fixtures[random.Below(Fixtures.Length)].Message, _buffer, from: 0),
            3 or 4 => MutatedBody(ref random, Fixtures),
            5 or 6 => ComposedUpdate(ref random, MadeUpSection(ref random)),
            _ => ComposedUpdate(ref random, MutatedSection(ref random)),
        };
        return _buffer.AsSpan(0, length);
    }

    private int RandomBody(ref FuzzRandom random)
    {
        var length = BgpConstants.HeaderLength + random.Below(MaxRandomBody);
        random.Fill(_buffer.AsSpan(0, length));
        MessageHeader.Write(_buffer, (MessageType)(1 + random.Below(5)), length);
        return length;
    }

    private int MutatedBody(ref FuzzRandom random, WireFixture[] fixtures)
    {
        var message = fixtures[random.Below(fixtures.Length)].Message;
        var length = Mutate(ref random, message, _buffer, BgpConstants.HeaderLength);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(BgpConstants.MarkerLength), (ushort)length);
        return length;
    }

    /// <summary>Attributes of known types with made-up flags, lengths and values.</summary>
    private int MadeUpSection(ref FuzzRandom random)
    {
        var position = 0;
        for (var count = random.Below(10); count > 0; count--)
        {
            var length = random.Below(4) == 0 ? random.Below(40) : 4 * random.Below(6);
            _section[position] = random.Below(3) == 0 ? random.Byte() : Interesting[10 + random.Below(5)];
            _section[position + 1] = AttributeTypes[random.Below(AttributeTypes.Length)];
            var isExtended = (_section[position] & (byte)AttributeFlags.ExtendedLength) != 0;
            _section[position + 2] = isExtended ? (byte)0 : (byte)length;
            _section[position + 3] = (byte)length;
            position += isExtended ? 4 : 3;
            random.Fill(_section.AsSpan(position, length));
            position += length;
        }

        return position;
    }

    private int MutatedSection(ref FuzzRandom random)
    {
        var update = new DecodedUpdate();
        UpdateDecoder.Split(Updates[random.Below(Updates.Length)].Body, default, ref update);
        return Mutate(ref random, update.AttributeBytes, _section, from: 0);
    }

    private int ComposedUpdate(ref FuzzRandom random, int sectionLength)
    {
        var position = BgpConstants.HeaderLength;
        var withdrawnLength = random.Below(4) == 0 ? 4 : 0;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(position), (ushort)withdrawnLength);
        "\u0018\u000a\u0001\u0002"u8[..withdrawnLength].CopyTo(_buffer.AsSpan(position + 2));
        position += 2 + withdrawnLength;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(position), (ushort)sectionLength);
        _section.AsSpan(0, sectionLength).CopyTo(_buffer.AsSpan(position + 2));
        position += 2 + sectionLength;
        var announcedLength = random.Below(3) * 4;
        "\u0018\u000a\u0001\u0002\u0018\u000a\u0001\u0003"u8[..announcedLength].CopyTo(_buffer.AsSpan(position));
        position += announcedLength;
        MessageHeader.Write(_buffer, MessageType.Update, position);
        return position;
    }

    private static int Mutate(ref FuzzRandom random, ReadOnlySpan<byte> source, Span<byte> target, int from)
    {
        source.CopyTo(target);
        var length = source.Length;
        for (var count = random.Below(MaxMutations + 1); count > 0 && length > from; count--)
        {
            var at = from + random.Below(length - from);
            var span = 1 + random.Below(Math.Min(length - at, 8));
            switch (random.Below(6))
            {
                case 0:
                    target[at] ^= (byte)(1 << random.Below(8));
                    break;
                case 1:
                    target[at] = random.Byte();
                    break;
                case 2:
                    target[at] = Interesting[random.Below(Interesting.Length)];
                    break;
                case 3: // remove
                    target[(at + span)..length].CopyTo(target[at..]);
                    length -= span;
                    break;
                case 4 when length + span < BgpConstants.MaxMessageLength - 64: // repeat
                    target[at..length].CopyTo(target[(at + span)..]);
                    length += span;
                    break;
                case 5: // cut the end
                    length = Math.Max(from, length - span);
                    break;
                default:
                    target[at]++;
                    break;
            }
        }

        return length;
    }
}
