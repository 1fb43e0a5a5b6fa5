// SPDX-License-Identifier: MIT

namespace TorchStreaming.Interactive;

/// <summary>What the views of batches and of batches of tensors have in common.</summary>
internal static class BatchTable
{
    /// <summary>The headings of the table of columns.</summary>
    public static readonly string[] Headings = ["column", "shape", "type", "values"];

    /// <summary>Writes the title.</summary>
    public static void WriteTitle(HtmlPage page, int count, long epoch) =>
        page.Title($"Batch of {count} {(count == 1 ? "sample" : "samples")}, epoch {epoch}");

    /// <summary>Writes what is to be said of a batch that is over.</summary>
    public static void WriteReleased(HtmlPage page) =>
        page.Text("This batch is over: the loader uses its memory again. Show it inside the loop, or keep it with Detach().");

    /// <summary>Describes a shape, as 64×3×224×224.</summary>
    public static string Describe(IEnumerable<long> shape) => string.Join('×', shape.Select(static size => size < 0 ? "?" : $"{size}"));
}
