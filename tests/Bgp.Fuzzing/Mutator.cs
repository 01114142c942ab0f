using Bgp.Protocol;

namespace Bgp.Fuzzing;

/// <summary>Changes octets as codecs find hard: bits, lengths, repetitions, cuts.</summary>
internal static class Mutator
{
    private const int MaxMutations = 4;

    public static readonly byte[] Interesting = [0, 1, 2, 3, 4, 7, 8, 0x10, 0x20, 0x40, 0x7f, 0x80, 0x90, 0xc0, 0xe0, 0xff];

    /// <summary>Copies <paramref name="source"/>, changed behind <paramref name="from"/>, and returns its length.</summary>
    public static int Mutate(ref FuzzRandom random, ReadOnlySpan<byte> source, Span<byte> target, int from)
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
