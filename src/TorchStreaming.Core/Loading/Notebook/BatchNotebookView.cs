// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;
using TorchStreaming.Imaging;
using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>Shows a batch: shapes, types, ranges and small images, never its numbers.</summary>
internal static class BatchNotebookView
{
    /// <summary>The headings of the table of a batch's columns.</summary>
    public static readonly string[] Headings = ["column", "shape", "type", "values"];

    /// <summary>Writes the title of a batch.</summary>
    public static void WriteTitle(NotebookPage page, int count, long epoch) => page.Title($"Batch of {Counted.Of(count, "sample")}, epoch {epoch}");

    /// <summary>Writes what is to be said of a batch that is over.</summary>
    public static void WriteReleased(NotebookPage page) =>
        page.Text("This batch is over: the loader uses its memory again. Show it inside the loop, or keep it with Detach().");

    /// <summary>Writes a batch.</summary>
    public static void Write(Batch batch, NotebookPage page)
    {
        if (batch.IsReleased)
        {
            WriteReleased(page);
            return;
        }

        WriteTitle(page, batch.Count, batch.Epoch);
        var ranges = batch.Columns.Select(column => Measure(batch, column)).ToArray();
        page.Table(Headings, batch.Columns.Select((column, i) => new[]
        {
            column.Name, DescribeShape(batch, column), column.Type.ToString(), ranges[i].ToString(),
        }));
        for (var i = 0; i < ranges.Length; i++)
        {
            WriteImages(batch, batch.Columns[i], ranges[i], page);
        }
    }

    /// <summary>Describes a shape, as 64×3×224×224.</summary>
    public static string Describe(IEnumerable<long> shape) => string.Join('×', shape.Select(static size => size < 0 ? "?" : $"{size}"));

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
        ? $"{batch.Count} of {Describe(column.Shape)}"
        : Describe(batch.GetShape(column.Name));

    private static void WriteImages(Batch batch, BatchColumn column, ValueRange range, NotebookPage page)
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
