// SPDX-License-Identifier: MIT

using Spectre.Console;

namespace TorchStreaming.Cli;

/// <summary>Samples for people: a table of one line per sample, or, where the width leaves too little of each value, one line per
/// value.</summary>
internal static class SampleTable
{
    private const int LeastCell = 16;
    private const int BorderOfColumn = 3;
    private const string Id = "sample";

    /// <summary>Writes the samples.</summary>
    /// <param name="console">Where to; its width decides the form.</param>
    /// <param name="names">The names of the columns.</param>
    /// <param name="rows">For each sample its number and its values; control characters are shown as escapes.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<string> names, IReadOnlyList<(string Id, string[] Values)> rows)
    {
        var headers = (string[])[Id, .. names];
        var lines = rows.Select(static row => (string[])[row.Id, .. row.Values]).ToArray();
        var widths = headers.Select((header, i) => lines.Select(line => line[i].Length).Append(header.Length).Max()).ToArray();
        var longest = LongestCell(widths, console.Profile.Width - 1 - (BorderOfColumn * headers.Length));
        if (longest >= Math.Min(LeastCell, widths.Max()))
        {
            console.Write(ToTable(headers, lines, longest));
            return;
        }

        foreach (var line in lines)
        {
            WriteLines(console, headers, line);
        }
    }

    /// <summary>Finds how long cells may be so that all columns together fit; the longest are cut first.</summary>
    private static int LongestCell(int[] widths, int room)
    {
        var longest = widths.Max();
        while (longest > 1 && widths.Sum(width => Math.Min(width, longest)) > room)
        {
            longest--;
        }

        return longest;
    }

    private static Table ToTable(string[] headers, string[][] lines, int longest)
    {
        var table = new Table();
        foreach (var header in headers)
        {
            table.AddColumn(Markup.Escape(Cut(header, longest)));
        }

        foreach (var line in lines)
        {
            table.AddRow([.. line.Select(cell => Markup.Escape(Cut(cell, longest)))]);
        }

        return table;
    }

    private static void WriteLines(IAnsiConsole console, string[] headers, string[] line)
    {
        console.WriteLine($"{Id} {line[0]}");
        var indent = headers.Skip(1).Max(static header => header.Length) + 4;
        for (var i = 1; i < headers.Length; i++)
        {
            var text = $"  {TerminalText.OneLine(headers[i])}".PadRight(indent) + TerminalText.OneLine(line[i]);
            console.WriteLine(Cut(text, Math.Max(indent + LeastCell, console.Profile.Width)));
        }
    }

    private static string Cut(string text, int longest)
    {
        var line = TerminalText.OneLine(text);
        return line.Length <= longest ? line : $"{line.AsSpan(0, longest - 1)}…";
    }
}
