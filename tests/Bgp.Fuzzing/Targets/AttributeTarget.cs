using System.Buffers.Binary;
using Bgp.Protocol;

namespace Bgp.Fuzzing;

/// <summary>A choice of session, flags, and the value of one attribute, among those that an announcement needs.</summary>
internal sealed class AttributeTarget(string name, AttributeType type, byte flags) : FuzzTarget("attribute:" + name)
{
    private const int FlagsAt = 1;
    private const int ValueAt = 2;
    private const int MaxValueLength = 2048;
    private const byte UnknownType = 99;

    private static readonly byte[] Wide = [0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xe9, 0x40, 3, 4, 192, 0, 2, 2];
    private static readonly byte[] Narrow = [0x40, 1, 1, 0, 0x40, 2, 6, 2, 2, 0x5b, 0xa0, 0xfd, 0xe9, 0x40, 3, 4, 192, 0, 2, 2, 0xc0, 7, 6, 0x5b, 0xa0, 192, 0, 2, 9];

    private readonly UpdateOracle _oracle = new();
    private readonly byte[] _body = new byte[MaxValueLength + 128];

    /// <summary>One for each attribute that has a row, for the two that carry NLRI, and for those that we do not know.</summary>
    public static IEnumerable<AttributeTarget> All =>
    [
        .. Enumerable.Range(0, byte.MaxValue + 1).Select(static type => AttributeTable.Find((AttributeType)type)).OfType<AttributeRow>()
            .Select(static row => new AttributeTarget(row.Name, row.Type, (byte)row.Flags)),
        new AttributeTarget(AttributeTable.Name(AttributeType.MpReach), AttributeType.MpReach, (byte)AttributeFlags.Optional),
        new AttributeTarget(AttributeTable.Name(AttributeType.MpUnreach), AttributeType.MpUnreach, (byte)AttributeFlags.Optional),
        new AttributeTarget("unknown", (AttributeType)UnknownType, (byte)(AttributeFlags.Optional | AttributeFlags.Transitive)),
    ];

    protected override IEnumerable<byte[]> Fixtures
    {
        get
        {
            List<byte[]> found = [];
            foreach (var fixture in WireFixture.Updates)
            {
                var update = new DecodedUpdate();
                UpdateDecoder.Split(fixture.Body, fixture.Profile, ref update);
                var reader = new AttributeReader(update.AttributeBytes);
                while (reader.TryRead(out var each, out var eachFlags, out var value))
                {
                    if (each == type)
                    {
                        found.Add([FuzzProfiles.ChoiceFor(fixture.Profile), (byte)eachFlags, .. value]);
                    }
                }
            }

            return found;
        }
    }

    public override int Create(ref FuzzRandom random, Span<byte> destination)
    {
        var length = Math.Max(ValueAt, base.Create(ref random, destination));
        destination[0] = FuzzProfiles.Random(ref random);
        if (random.Below(8) != 0)
        {
            destination[FlagsAt] = flags;
        }

        return length;
    }

    public override FuzzOutcome Check(ReadOnlySpan<byte> input)
    {
        if (input.Length is < ValueAt or > MaxValueLength)
        {
            return default;
        }

        var profile = FuzzProfiles.Of(input[0]);
        var others = profile.FourOctetAs ? Wide : Narrow;
        var value = input[ValueAt..];
        var position = 4;
        var isOther = false;
        var reader = new AttributeReader(others);
        for (var start = 0; reader.TryRead(out var each, out _, out _); start = reader.Position)
        {
            if (each != type)
            {
                others.AsSpan(start..reader.Position).CopyTo(_body.AsSpan(position));
                position += reader.Position - start;
                isOther = true;
            }
        }

        BrokenRuleException.Require(isOther, "an attribute stands among others");
        _body[position++] = (byte)(input[FlagsAt] | (byte)AttributeFlags.ExtendedLength);
        _body[position++] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(_body.AsSpan(position), (ushort)value.Length);
        position += 2;
        value.CopyTo(_body.AsSpan(position));
        position += value.Length;
        _body[0] = 0;
        _body[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(_body.AsSpan(2), (ushort)(position - 4));
        if (!profile.AddPath(AddressFamily.Ipv4Unicast) && type != AttributeType.MpUnreach)
        {
            _body[position++] = 8;
            _body[position++] = 10;
        }

        return _oracle.Check(_body.AsSpan(0, position), profile);
    }
}
