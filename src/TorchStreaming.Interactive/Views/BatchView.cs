// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Transforms;

namespace TorchStreaming.Interactive;

/// <summary>Shows a batch: shapes, types, ranges and small images, never its numbers.</summary>
internal static class BatchView
{
    /// <summary>Writes a batch.</summary>
    public static void Write(Batch batch, HtmlPage page)
    {
        if (batch.IsReleased)
        {
            BatchTable.WriteReleased(page);
            return;
        }

        BatchTable.WriteTitle(page, batch.Count, batch.Epoch);
        var ranges = batch.Columns.Select(column => Measure(batch, column)).ToArray();
        page.Table(BatchTable.Headings, batch.Columns.Select((column, i) => new[]
        {
            column.Name, DescribeShape(batch, column), $"{column.Type}", $"{ranges[i]}",
        }));
        for (var i = 0; i < ranges.Length; i++)
        {
            WriteImages(batch, batch.Columns[i], ranges[i], page);
        }
    }

    private static ValueRange Measure(Batch batch, BatchColumn column)
    {
        var range = new ValueRange();
        for (var row = 0; row < batch.Count; row++)
        {
            range.Add(column.Type, batch.GetRow(column.Name, row));
        }

        return range;
    }

    private static string DescribeShape(Batch batch, BatchColumn column) => column.Layout == ColumnLayout.List
        ? $"{batch.Count} of {BatchTable.Describe(column.Shape)}"
        : BatchTable.Describe(batch.GetShape(column.Name));

    private static void WriteImages(Batch batch, BatchColumn column, ValueRange range, HtmlPage page)
    {
        if (batch.Count == 0 || column.Layout != ColumnLayout.Dense || !ImageShape.TryGuess(column.Shape.AsSpan(), out var shape))
        {
            return;
        }

        var count = Math.Min(batch.Count, ThumbnailStrip.MaxImages);
        var strip = new ThumbnailStrip(count, shape, range.Low, range.High);
        for (var row = 0; row < count; row++)
        {
            var place = row;
            strip.Place(row, index => ValueRange.Read(column.Type, batch.GetRow(column.Name, place), index));
        }

        page.Image($"{column.Name}: the first {count} of {batch.Count}", "image/png", strip.ToPng());
    }
}
