// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.Interactive;

/// <summary>Shows encoded samples: texts shortened, single numbers, images as they are, sizes of everything else.</summary>
internal static class SampleViews
{
    private const int MaxText = 200;
    private const int MaxImageBytes = 512 * 1024;

    /// <summary>Writes a sample.</summary>
    public static void Write(Sample sample, HtmlPage page)
    {
        if (sample.IsReleased)
        {
            page.Text($"{sample}: show it before it is disposed.");
            return;
        }

        page.Title($"Sample {sample.Id}");
        page.Table(["column", "encoding", "bytes", "value"], sample.Columns.Select(column => new[]
        {
            column.Name, column.Encoding, $"{sample.Bytes(column.Name).Length}", Preview(sample, column),
        }));
        foreach (var column in sample.Columns)
        {
            var bytes = sample.Bytes(column.Name);
            if (bytes.Length <= MaxImageBytes && column.Encoding is "jpeg" or "png")
            {
                page.Image(column.Name, $"image/{column.Encoding}", bytes);
            }
        }
    }

    /// <summary>Writes a selection, of which nothing is read.</summary>
    public static void Write(SampleSelection selection, HtmlPage page)
    {
        page.Title($"{selection}");
        page.Text("None was read: enumerate it, and dispose each sample.");
    }

    /// <summary>Writes a sample of a tar.</summary>
    public static void Write(TarSample sample, HtmlPage page)
    {
        page.Title($"Sample '{sample.Key}' of {sample.Shard}");
        page.Table(["field", "bytes"], sample.Fields.Select(field => new[] { field, $"{sample[field].Length}" }));
    }

    private static string Preview(Sample sample, ShardColumn column)
    {
        if (column.Encoding is not ("str" or "int" or "float64" or "float32" or "float16" or "json"
            or "int8" or "int16" or "int32" or "int64" or "uint8" or "uint16" or "uint32" or "uint64"))
        {
            return "";
        }

        try
        {
            var text = column.Encoding == "json"
                ? Encoding.UTF8.GetString(sample.Bytes(column.Name))
                : FormattableString.Invariant($"{sample.GetObject(column.Name)}");
            return text.Length <= MaxText ? text : string.Concat(text.AsSpan(0, MaxText), "…");
        }
        catch (SampleDecodeException exception)
        {
            return exception.Message;
        }
    }
}
