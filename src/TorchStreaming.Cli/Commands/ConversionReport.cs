// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Conversion;
using TorchStreaming.Diagnostics;

namespace TorchStreaming.Cli;

/// <summary>Tells what a conversion made.</summary>
internal static class ConversionReport
{
    private const int NamedFiles = 10;

    /// <summary>Says it to people.</summary>
    public static void Say(ToolConsole console, RawConversion made)
    {
        foreach (var image in made.Skipped.Take(NamedFiles))
        {
            console.Say($"skipped {image.File}: {image.Problem}");
        }

        if (made.Skipped.Length > NamedFiles)
        {
            console.Say(string.Create(
                CultureInfo.InvariantCulture, $"skipped {made.Skipped.Length - NamedFiles:N0} more; --json names them all"));
        }

        var resumed = made.Resumed == 0 ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {made.Resumed:N0} of them by an earlier run");
        var classes = made.Classes.IsEmpty ? "" : $"of {Counted.Of(made.Classes.Length, "class", "classes")} ";
        console.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{made.Directory}: {Counted.Of(made.Index.SampleCount, "sample")} {classes}"
            + $"in {Counted.Of(made.Index.Shards.Length, "shard")}, {new ByteSize(made.Index.StoredBytes)}{resumed}"));
    }

    /// <summary>Writes it for programs.</summary>
    public static void Write(ToolConsole console, IEnumerable<RawConversion> conversions) =>
        JsonOutput.WriteDocument(console.Output, conversions.Select(ToDocument), DocumentContext.Default.IEnumerableConversionDocument);

    private static ConversionDocument ToDocument(RawConversion made) => new(
        made.Directory,
        made.Index.SampleCount,
        made.Index.Shards.Length,
        made.Classes.Length,
        made.Index.RawBytes,
        made.Index.StoredBytes,
        made.Resumed,
        made.Skipped.Select(static item => new SkippedDocument(item.File, item.Problem)));
}
