// SPDX-License-Identifier: MIT

using System.Globalization;
using Spectre.Console;
using TorchStreaming.Diagnostics;

namespace TorchStreaming.Cli;

/// <summary>What <c>stats</c> found, for people and for programs.</summary>
/// <param name="measured">How many samples were looked at.</param>
/// <param name="samples">How many there are.</param>
/// <param name="columns">The columns.</param>
internal sealed class StatsReport(long measured, long samples, IReadOnlyList<ColumnSummary> columns)
{
    /// <summary>Makes the table for people.</summary>
    public Table ToTable()
    {
        var table = new Table().AddColumn("column").AddColumn("encoding").AddColumn("bytes (mean, min–max)").AddColumn("values");
        foreach (var column in columns)
        {
            var sizes = column.Sizes;
            table.AddRow(
                Markup.Escape(TerminalText.OneLine(column.Column.Name)),
                Markup.Escape(TerminalText.OneLine(column.Column.Encoding)),
                sizes.Min == sizes.Max ? Range(sizes) : string.Create(CultureInfo.InvariantCulture, $"{sizes.Mean:N1}, {Range(sizes)}"),
                Markup.Escape(Describe(column)));
        }

        return table;
    }

    /// <summary>Makes the document for programs.</summary>
    public StatsDocument ToDocument() => new(samples, measured, columns.Select(static column => new ColumnStatsDocument(
        column.Column.Name,
        column.Column.Encoding,
        MomentsDocument.Of(column.Sizes),
        column.Numbers.Count > 0 ? MomentsDocument.Of(column.Numbers) : null,
        column.Lengths.Count > 0 ? MomentsDocument.Of(column.Lengths) : null,
        column.Lengths.Count > 0 ? MomentsDocument.Of(column.Elements) : null,
        column.Classes?.Count < column.Numbers.Count ? column.Classes : null,
        column.Widths.Count > 0 || column.DamagedImages > 0 ? ToDocument(column) : null)));

    private static string Describe(ColumnSummary column)
    {
        if (column.Widths.Count > 0)
        {
            var means = string.Join(' ', column.Channels.Select(static channel => channel.Mean.ToString("0.000", CultureInfo.InvariantCulture)));
            var stds = string.Join(' ', column.Channels.Select(static channel => channel.Std.ToString("0.000", CultureInfo.InvariantCulture)));
            var damaged = column.DamagedImages == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {column.DamagedImages:N0} damaged");
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{column.Widths.Min:0}–{column.Widths.Max:0} x {column.Heights.Min:0}–{column.Heights.Max:0} pixels, mean {means}, std {stds}{damaged}");
        }

        if (column.Lengths.Count > 0)
        {
            return $"{Range(column.Lengths)} elements, {Spread(column.Elements)}";
        }

        if (column.Numbers is not { Count: > 0 } numbers)
        {
            return "";
        }

        var classes = column.Classes is { } counts && counts.Count < numbers.Count
            ? $", {Counted.Of(counts.Count, "value")} {Times(counts.Values.Min(), counts.Values.Max())}"
            : "";
        return Spread(numbers) + classes;
    }

    private static string Times(long min, long most) => min == most
        ? string.Create(CultureInfo.InvariantCulture, $"{most:N0} times each")
        : string.Create(CultureInfo.InvariantCulture, $"{min:N0}–{most:N0} times each");

    private static string Spread(Moments moments) => string.Create(
        CultureInfo.InvariantCulture, $"mean {moments.Mean:G5}, std {moments.Std:G5}, {moments.Min:G6}–{moments.Max:G6}");

    private static string Range(Moments moments) => moments.Min == moments.Max
        ? moments.Min.ToString("N0", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{moments.Min:N0}–{moments.Max:N0}");

    private static ImagesDocument ToDocument(ColumnSummary column) => new(
        MomentsDocument.Of(column.Widths),
        MomentsDocument.Of(column.Heights),
        column.Channels.Select(static channel => channel.Mean),
        column.Channels.Select(static channel => channel.Std),
        column.DamagedImages);
}
