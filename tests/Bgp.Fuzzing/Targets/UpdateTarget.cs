using System.Buffers.Binary;
using Bgp.Protocol;

namespace Bgp.Fuzzing;

/// <summary>
/// A choice of session, then the body of an UPDATE, checked by <see cref="UpdateOracle"/>. Made from fixtures, and from mutated attribute sections
/// put into bodies whose lengths are right, because a wrong total length ends most other mutations at once.
/// </summary>
internal sealed class UpdateTarget() : FuzzTarget("update")
{
    private const int FirstFlags = 10; // of the interesting octets, those that are flags

    private static readonly byte[] AttributeTypes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 15, 16, 17, 18, 25, 26, 32, 35, 99];
    private static readonly WireFixture[] Updates = [.. WireFixture.Updates];

    private readonly UpdateOracle _oracle = new();
    private readonly byte[] _section = new byte[BgpConstants.MaxMessageLength];

    /// <summary>How many attribute sets were good, so that a fuzzer that makes only rubbish is noticed.</summary>
    public int CanonicalSets => _oracle.CanonicalSets;

    protected override IEnumerable<byte[]> Fixtures =>
        Updates.Select(static fixture => (byte[])[FuzzProfiles.ChoiceFor(fixture.Profile), .. fixture.Body]);

    public override int Create(ref FuzzRandom random, Span<byte> destination)
    {
        switch (random.Below(10))
        {
            case <= 3:
                var length = Math.Max(1, base.Create(ref random, destination));
                destination[0] = random.Below(2) == 0 ? FuzzProfiles.Random(ref random) : destination[0];
                return length;
            case <= 6:
                destination[0] = FuzzProfiles.Random(ref random);
                return 1 + ComposeBody(ref random, MadeUpSection(ref random), destination[1..]);
            default:
                destination[0] = FuzzProfiles.Random(ref random);
                return 1 + ComposeBody(ref random, MutatedSection(ref random), destination[1..]);
        }
    }

    public override FuzzOutcome Check(ReadOnlySpan<byte> input) =>
        input.IsEmpty ? default : _oracle.Check(input[1..Math.Min(input.Length, BgpConstants.MaxMessageLength)], FuzzProfiles.Of(input[0]));

    /// <summary>Attributes of known types with made-up flags, lengths and values.</summary>
    private int MadeUpSection(ref FuzzRandom random)
    {
        var position = 0;
        for (var count = random.Below(10); count > 0; count--)
        {
            var length = random.Below(4) == 0 ? random.Below(40) : 4 * random.Below(6);
            _section[position] = random.Below(3) == 0 ? random.Byte() : Mutator.Interesting[FirstFlags + random.Below(5)];
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
        return Mutator.Mutate(ref random, update.AttributeBytes, _section, from: 0);
    }

    private int ComposeBody(ref FuzzRandom random, int sectionLength, Span<byte> destination)
    {
        var withdrawnLength = random.Below(4) == 0 ? 4 : 0;
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)withdrawnLength);
        "\u0018\u000a\u0001\u0002"u8[..withdrawnLength].CopyTo(destination[2..]);
        var position = 2 + withdrawnLength;
        BinaryPrimitives.WriteUInt16BigEndian(destination[position..], (ushort)sectionLength);
        _section.AsSpan(0, sectionLength).CopyTo(destination[(position + 2)..]);
        position += 2 + sectionLength;
        var announcedLength = random.Below(3) * 4;
        "\u0018\u000a\u0001\u0002\u0018\u000a\u0001\u0003"u8[..announcedLength].CopyTo(destination[position..]);
        return position + announcedLength;
    }
}
