// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Interactive;

/// <summary>Shows datasets: their streams and columns.</summary>
internal static class DatasetViews
{
    /// <summary>Writes a dataset.</summary>
    public static void Write(StreamingDataset dataset, HtmlPage page)
    {
        page.Title($"{dataset}");
        page.Table(["stream", "kept in", "samples", "in an epoch", "shards", "bytes"], dataset.Indexes.Select((index, i) => new[]
        {
            $"{i}", dataset.LocalDirectories[i], $"{index.SampleCount}", $"{dataset.StreamEpochSizes[i]}", $"{index.ShardCount}",
            $"{new ByteSize(index.StoredBytes)}",
        }));
        SchemaTables.Write(dataset.Schemas, page);
    }

    /// <summary>Writes a dataset of Composer's legacy format.</summary>
    public static void Write(LegacyStreamingDataset dataset, HtmlPage page)
    {
        page.Title($"{dataset}");
        page.Facts(
            ("Kept in", dataset.LocalDirectory),
            ("Shuffled", dataset.Options.Shuffle ? $"yes, seed {dataset.Options.ShuffleSeed}" : "no"),
            ("Stored", $"{new ByteSize(dataset.Index.StoredBytes)}"));
        SchemaTables.Write(dataset.Index.Schemas, page);
    }

    /// <summary>Writes a dataset of tensors, then the engine's.</summary>
    public static void Write(StreamingMapDataset dataset, HtmlPage page)
    {
        page.Title($"{dataset}");
        Write(dataset.Source, page);
    }

    /// <inheritdoc cref="Write(StreamingMapDataset, HtmlPage)"/>
    public static void Write(StreamingIterableDataset dataset, HtmlPage page)
    {
        page.Title($"{dataset}");
        Write(dataset.Source, page);
    }

    /// <inheritdoc cref="Write(StreamingMapDataset, HtmlPage)"/>
    public static void Write(LegacyStreamingMapDataset dataset, HtmlPage page)
    {
        page.Title($"{dataset}");
        Write(dataset.Source, page);
    }

    /// <summary>Writes an index.</summary>
    public static void Write(DatasetIndex index, HtmlPage page)
    {
        page.Title($"{index}");
        page.Facts(("As readers need them", $"{new ByteSize(index.RawBytes)}"), ("As they are stored", $"{new ByteSize(index.StoredBytes)}"));
        SchemaTables.Write(index.Schemas, page);
    }
}
