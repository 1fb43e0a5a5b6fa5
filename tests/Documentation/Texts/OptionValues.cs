// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.Loading;
using TorchStreaming.Shards;

namespace TorchStreaming.Documentation.Tests;

/// <summary>Options and streams, with secrets in what they are given.</summary>
internal static class OptionValues
{
    public static void AddTo(PrintedTable table)
    {
        table.Add(
            new StreamingDatasetOptions { Remote = "https://user:hunter2@host/c4?key=hunter2", Local = "/data/c4", Split = "train", Shuffle = true, BatchSize = 16 },
            "StreamingDatasetOptions: https://host/c4 kept in /data/c4, split train, shuffled by Py1E with seed 9176, batches of 16");
        table.Add(new StreamingDatasetOptions { Streams = [new DataStream(), new DataStream()] }, "StreamingDatasetOptions: 2 streams");
        table.Add(new StreamingVisionDatasetOptions { Local = "/data/images" }, "StreamingVisionDatasetOptions: /data/images");
        table.Add(
            new LegacyStreamingDatasetOptions { Remote = "s3://bucket/old", Shuffle = true, BatchSize = 4 },
            "LegacyStreamingDatasetOptions: s3://bucket/old, shuffled with seed 9176, batches of 4");
        table.Add(
            new DataStream { Remote = "https://user:hunter2@host/c4", Local = "/data/c4", Split = "train", Proportion = 0.5 },
            "https://host/c4 kept in /data/c4, split train, proportion 0.5");
        table.Add(new DataStream { Local = "/data/c4", Repeat = 2 }, "/data/c4, repeat 2");
        table.Add(new DataStream { Remote = "s3://bucket/c4", Choose = 100 }, "s3://bucket/c4, choose 100");
        table.Add(new BatchLoaderOptions { BatchSize = 16, NumWorkers = 2 }, "BatchLoaderOptions: batches of 16, 2 workers, 2 threads, 2 batches ahead");
        table.Add(
            new DatasetWriterOptions { Compression = "zstd:7", Hashes = ["sha1", "xxh64"] },
            "DatasetWriterOptions: shards up to 64 MiB, zstd:7, hashes sha1, xxh64");
        table.Add(
            new TarStreamOptions { Shuffle = true, ShuffleBuffer = 100 },
            "TarStreamOptions: all tars, all fields, keys by the rule WebDataset, worker 0 of 1, shuffled with seed 9176, buffer of 100 samples");
        table.Add(new TarOptions { Shards = ["a-{0..3}.tar"], Fields = ["jpg", "cls"] }, "a-{0..3}.tar, fields jpg, cls, keys by the rule WebDataset");
        table.Add(new RawConverterOptions(), "RawConverterOptions: mds, shards up to 64 MiB, not compressed, hashes sha1, xxh64");
        table.Add(
            new ImageFolderConverterOptions(),
            "ImageFolderConverterOptions: mds, shards up to 64 MiB, not compressed, hashes sha1, xxh64, shuffled with seed 0");
        table.Add(
            new DatasetConverterOptions(), "DatasetConverterOptions: to mds, 2 workers; DatasetWriterOptions: shards up to 64 MiB, not compressed");
    }
}
