using System.Buffers.Binary;
using System.Globalization;

namespace Bgp.Engine.Tests;

/// <summary>Writes an AS path such as <c>65001 {65002,65003}</c> as the value of a canonical AS_PATH.</summary>
internal static class PathBytes
{
    private const byte Set = 1;
    private const byte Sequence = 2;

    public static byte[] Of(string text)
    {
        var bytes = new List<byte>();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var numbers = word.Trim('{', '}').Split(',');
            bytes.AddRange([word[0] == '{' ? Set : Sequence, (byte)numbers.Length]);
            foreach (var number in numbers)
            {
                var value = new byte[4];
                BinaryPrimitives.WriteUInt32BigEndian(value, uint.Parse(number, CultureInfo.InvariantCulture));
                bytes.AddRange(value);
            }
        }

        return [.. bytes];
    }
}
