using Spectre.Console;

namespace Bgp.Daemon;

/// <summary>Draws a <see cref="TextTable"/> on a terminal; apart, so that plain output need not load what draws.</summary>
internal static class TerminalTable
{
    public static void Write(TextTable table)
    {
        var drawn = new Table().Border(TableBorder.Simple);
        foreach (var column in table.Columns)
        {
            drawn.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        }

        foreach (var row in table.Rows)
        {
            drawn.AddRow(row.Select(Markup.Escape).ToArray());
        }

        AnsiConsole.Write(drawn);
    }
}
