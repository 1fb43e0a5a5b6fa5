// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Shards;

/// <summary>What the index says about one shard.</summary>
internal sealed class ShardInfo
{
    /// <summary>Gets the columns and the format.</summary>
    public required ShardSchema Schema { get; init; }

    /// <summary>Gets the number of samples; may be 0.</summary>
    public required int SampleCount { get; init; }

    /// <summary>Gets the files in the order in which upstream prepares them: the data file alone, or the meta file and then the data
    /// file.</summary>
    public required ImmutableArray<ShardFile> Files { get; init; }

    /// <summary>Gets the compression as the writer was given it, for example <c>zstd:7</c>, or <see langword="null"/>.</summary>
    public string? Compression { get; init; }

    /// <summary>Gets the names of the recorded hashes, sorted.</summary>
    public ImmutableArray<string> Hashes { get; init; } = [];

    /// <summary>Gets the writer's size limit in bytes, or <see langword="null"/> when it had none.</summary>
    public long? SizeLimit { get; init; }

    /// <summary>Gets the size in bytes of the raw files together.</summary>
    public long RawBytes => Files.Sum(static file => file.Raw.Bytes);

    /// <summary>Gets the size in bytes of the stored files together; a size that the index does not record counts as 0.</summary>
    public long StoredBytes => Files.Sum(static file => Math.Max(0, file.Stored.Bytes));

    /// <summary>Gets the sizes of the samples, where the index holds them and not the shard.</summary>
    internal LegacySampleSizes? SampleSizes { get; init; }

    /// <summary>Gets where the samples of a tar are, where no file of the shard says so.</summary>
    internal TarSampleSource? TarSamples { get; init; }

    /// <summary>Makes the same shard with other columns.</summary>
    internal ShardInfo WithSchema(ShardSchema schema) => new()
    {
        Schema = schema,
        SampleCount = SampleCount,
        Files = Files,
        Compression = Compression,
        Hashes = Hashes,
        SizeLimit = SizeLimit,
        SampleSizes = SampleSizes,
        TarSamples = TarSamples,
    };
}
