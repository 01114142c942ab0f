using System.Globalization;

namespace Bgp.Engine;

/// <summary>Numbers the kernel's reasons from 1, so that a record holds two bytes for one. At most <see cref="Limit"/> different ones; later ones keep their errno only as "errno N".</summary>
internal sealed class ErrorTexts
{
    public const int Limit = 1024;

    private readonly Dictionary<(int Errno, string Text), ushort> _numbers = [];
    private readonly List<(int Errno, string Text)> _entries = [];

    public ushort Add(int errno, string text)
    {
        if (_numbers.TryGetValue((errno, text), out var number))
        {
            return number;
        }

        if (_entries.Count >= Limit)
        {
            // Errnos are fewer than 4,096, so these stay within a ushort.
            text = string.Create(CultureInfo.InvariantCulture, $"errno {errno}");
            if (_numbers.TryGetValue((errno, text), out number))
            {
                return number;
            }
        }

        _entries.Add((errno, text));
        number = (ushort)_entries.Count;
        _numbers.Add((errno, text), number);
        return number;
    }

    /// <summary>The text of a number, <c>null</c> for 0.</summary>
    public string? Text(ushort number) => number == 0 ? null : _entries[number - 1].Text;

    /// <summary>The errno of a number, 0 for 0.</summary>
    public int Errno(ushort number) => number == 0 ? 0 : _entries[number - 1].Errno;
}
