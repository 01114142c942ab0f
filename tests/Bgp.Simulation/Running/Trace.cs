using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Bgp.Engine;

namespace Bgp.Simulation;

/// <summary>
/// Everything that happened, as one running hash (FNV-1a over words of eight octets) and, where a writer is given, as text. Two runs with one seed have equal hashes, also in two processes.
/// </summary>
public sealed class Trace(TextWriter? writer)
{
    private const ulong Prime = 0x100000001b3;

    public ulong Hash { get; private set; } = 0xcbf29ce484222325;

    /// <summary>How many lines were noted.</summary>
    public long Count { get; private set; }

    /// <summary>Whether lines are written; where not, whoever notes may spare the words.</summary>
    public bool IsWritten => writer is not null;

    /// <summary>Notes one thing that happened at <paramref name="where"/>.</summary>
    public void Note(Instant now, string where, string what, ReadOnlySpan<byte> bytes = default)
    {
        Count++;
        Add(now.Microseconds);
        Add(where);
        Add(what);
        Add(bytes);
        if (writer is not null)
        {
            var line = new StringBuilder();
            line.Append(CultureInfo.InvariantCulture, $"{now} {where}: {what}");
            if (!bytes.IsEmpty)
            {
                line.Append(CultureInfo.InvariantCulture, $" [{bytes.Length}] {Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, 64)])}");
            }

            writer.WriteLine(line);
        }
    }

    /// <summary>Takes numbers into the hash without a line of their own.</summary>
    public void Mix(long left, long right)
    {
        Add(left);
        Add(right);
    }

    private void Add(string text) => Add(MemoryMarshal.AsBytes(text.AsSpan()));

    private void Add(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, long>(bytes);
        foreach (var word in words)
        {
            Add(word);
        }

        foreach (var octet in bytes[(words.Length * sizeof(long))..])
        {
            Add(octet);
        }
    }

    // The upper half comes down again, because a product spreads a word's bits upwards only.
    private void Add(long word)
    {
        Hash = (Hash ^ (ulong)word) * Prime;
        Hash ^= Hash >> 32;
    }
}
