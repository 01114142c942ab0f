namespace Bgp.Daemon;

/// <summary>A table for people: aligned columns in plain text, or drawn where a terminal shows it.</summary>
internal sealed class TextTable(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public IReadOnlyList<string> Columns => columns;

    public IReadOnlyList<string[]> Rows => _rows;

    public void Add(params string[] cells) => _rows.Add(cells);

    public void WriteTo(TextWriter output)
    {
        if (ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected)
        {
            TerminalTable.Write(this);
        }
        else
        {
            WritePlain(output);
        }
    }

    private void WritePlain(TextWriter output)
    {
        var widths = columns.Select((column, i) => _rows.Aggregate(column.Length, (width, row) => Math.Max(width, row[i].Length))).ToArray();
        foreach (var row in _rows.Prepend(columns))
        {
            output.WriteLine(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }
    }
}
