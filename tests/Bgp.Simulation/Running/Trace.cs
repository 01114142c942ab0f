using System.Globalization;
using System.Text;
using Bgp.Engine;

namespace Bgp.Simulation;

/// <summary>
/// Everything that happened, as one running hash (FNV-1a) and, where a writer is given, as text. Two runs with one seed have equal hashes, also in two processes.
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
        foreach (var octet in bytes)
        {
            Add(octet);
        }

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

    private void Add(string text)
    {
        foreach (var character in text)
        {
            Add((byte)character);
        }
    }

    private void Add(long number)
    {
        for (var shift = 0; shift < 64; shift += 8)
        {
            Add((byte)(number >> shift));
        }
    }

    private void Add(byte octet) => Hash = (Hash ^ octet) * Prime;
}
