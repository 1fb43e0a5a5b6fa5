// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <content>How a dataset of Composer's legacy format shows itself in a notebook.</content>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public sealed partial class LegacyStreamingDataset : INotebookView
{
    void INotebookView.WriteTo(NotebookPage page)
    {
        page.Title($"{Counted.Of(Size, "sample")} in {Counted.Of(Index.Shards.Length, "shard")}, Composer's legacy format; {Count} of an epoch on rank {World.Rank}");
        page.Facts(
            ("Kept in", _stream.Local),
            ("Shuffled", Options.Shuffle ? $"yes, seed {Options.ShuffleSeed}" : "no"),
            ("Stored", $"{new ByteSize(Index.StoredBytes)}"));
        SchemaNotebookView.Write(Index.Shards.Schemas, page);
    }
}
