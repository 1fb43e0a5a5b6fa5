// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchSharp;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Interactive;

/// <summary>Shows a batch of tensors: shapes, types, ranges and small images, never its numbers. Tensors on a GPU are copied to the CPU
/// for it, one at a time.</summary>
internal static class TensorBatchView
{
    /// <summary>Writes a batch.</summary>
    public static void Write(TensorBatch batch, HtmlPage page)
    {
        if (batch.IsReleased)
        {
            BatchTable.WriteReleased(page);
            return;
        }

        BatchTable.WriteTitle(page, batch.SampleCount, batch.Epoch);
        var columns = batch.Where(static column => !column.Value.IsInvalid).ToArray();
        var ranges = columns.Select(static column => Measure([column.Value])).ToArray();
        page.Table(
            BatchTable.Headings,
            columns.Select((column, i) => Row(column.Key, BatchTable.Describe(column.Value.shape), column.Value, ranges[i]))
                .Concat(batch.Lists.Select(static list => Row(
                    list.Key, $"{list.Value.Count} tensors", list.Value.Count > 0 ? list.Value[0] : null, Measure(list.Value)))));
        for (var i = 0; i < columns.Length; i++)
        {
            WriteImages(columns[i].Key, columns[i].Value, ranges[i], page);
        }
    }

    private static string[] Row(string name, string shape, Tensor? tensor, ValueRange range) =>
        [name, shape, tensor is null ? "" : $"{tensor.dtype} on {tensor.device}", $"{range}"];

    private static ValueRange Measure(IReadOnlyList<Tensor> tensors)
    {
        var range = new ValueRange();
        foreach (var tensor in tensors)
        {
            range.Add(ElementType.Float64, MemoryMarshal.AsBytes(ToDoubles(tensor).AsSpan()));
        }

        return range;
    }

    private static void WriteImages(string name, Tensor tensor, ValueRange range, HtmlPage page)
    {
        if (tensor.dim() != 4 || tensor.shape[0] == 0 || !ImageShape.TryGuess(tensor.shape.AsSpan(1), out var shape))
        {
            return;
        }

        var count = (int)Math.Min(tensor.shape[0], ThumbnailStrip.MaxImages);
        var strip = new ThumbnailStrip(count, shape, range.Low, range.High);
        for (var row = 0; row < count; row++)
        {
            using var image = tensor.select(0, row);
            var values = ToDoubles(image);
            strip.Place(row, index => values[index]);
        }

        page.Image($"{name}: the first {count} of {tensor.shape[0]}", "image/png", strip.ToPng());
    }

    private static double[] ToDoubles(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }
}
