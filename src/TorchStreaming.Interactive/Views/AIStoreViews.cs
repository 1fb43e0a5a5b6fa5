// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;
using TorchStreaming.Storage;

namespace TorchStreaming.Interactive;

/// <summary>Shows what readers of AIStore would read; nothing is listed for it.</summary>
internal static class AIStoreViews
{
    private const int FirstObjects = 5;

    /// <summary>Writes a dataset that is read in a row.</summary>
    public static void Write(AISBaseIterDataset dataset, HtmlPage page)
    {
        page.Title($"{dataset}");
        Write(dataset.Options.Sources, dataset.Options, page);
    }

    /// <summary>Writes a dataset whose objects are listed already.</summary>
    public static void Write(AISBaseMapDataset dataset, HtmlPage page)
    {
        page.Title($"{dataset}");
        page.Table(["the first objects", "bytes"], dataset.Objects.Take(FirstObjects).Select(static item => new[] { item.Name, $"{item.Size}" }));
    }

    /// <summary>Writes a reader of sources side by side.</summary>
    public static void Write(AISMultiShardStream stream, HtmlPage page)
    {
        page.Title($"{stream}");
        Write(stream.Sources, page);
    }

    private static void Write(IEnumerable<DataShard> sources, HtmlPage page) =>
        page.Table(["source", "prefix"], sources.Select(static source => new[] { $"{source.Bucket}", source.Prefix }));

    private static void Write(IEnumerable<AISSource> sources, AISStreamOptions options, HtmlPage page)
    {
        page.Facts(
            ("Share", $"{options.Worker.Share} of {options.Worker.ShareCount}"),
            ("Shuffled", options.Shuffle ? $"yes, seed {options.Seed}" : "no"),
            ("Transform of the cluster", options.EtlName ?? "none"));
        page.Table(["source", "prefixes"], sources.Select(source => new[] { $"{source}", Describe(options.PrefixMap[source]) }));
    }

    private static string Describe(IReadOnlyList<string> prefixes) =>
        prefixes.Count == 0 ? "none" : string.Join(", ", prefixes.Select(static prefix => prefix.Length > 0 ? prefix : "all"));
}
