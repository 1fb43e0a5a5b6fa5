// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <content>How a dataset shows itself in a notebook.</content>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public sealed partial class StreamingDataset : INotebookView
{
    void INotebookView.WriteTo(NotebookPage page)
    {
        page.Title($"{Counted.Of(Count, "sample")} in {Counted.Of(Spanner.ShardCount, "shard")}; an epoch has {EpochSize}, {EpochLength} of them on rank {World.Rank}");
        page.Table(["stream", "kept in", "samples", "in an epoch", "shards", "bytes"], _streams.Select((stream, i) => new[]
        {
            $"{i}", stream.Local, $"{stream.Index.SampleCount}", $"{Weights.Choose[i]}", $"{Spanner.GetShards(i).Count}",
            $"{new ByteSize(stream.Index.StoredBytes)}",
        }));
        SchemaNotebookView.Write(Schemas, page);
    }
}
