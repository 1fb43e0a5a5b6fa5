// SPDX-License-Identifier: MIT

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TorchStreaming.Diagnostics;
using TorchStreaming.Storage;

namespace TorchStreaming;

/// <summary>How a <see cref="StreamingDataset"/> is read, kept and ordered.</summary>
/// <remarks>Immutable. Where a stream says something else for itself, the stream counts.</remarks>
public record StreamingDatasetOptions
{
    /// <summary>Gets the streams that the dataset is mixed from, instead of <see cref="Remote"/> and <see cref="Local"/>.</summary>
    /// <value>The default is <see langword="null"/>: one stream, which <see cref="Remote"/> and <see cref="Local"/> name.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(streams=…)</c>.</remarks>
    public IReadOnlyList<DataStream>? Streams { get; init; }

    /// <summary>Gets the directory or URI that holds the shards.</summary>
    /// <value>The default is <see langword="null"/>: the shards are in <see cref="Local"/>, or an argument names the place.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(remote=…)</c>.</remarks>
    public string? Remote { get; init; }

    /// <summary>Gets the local directory that shards are downloaded to and read from. A split has a folder of its own in it.</summary>
    /// <value>The default is <see langword="null"/>: a folder of the user's cache directory, named by a digest of the remote location, the
    /// same in every run (see <see cref="StreamingDataset.GetDefaultLocal"/>).</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(local=…)</c>.</remarks>
    public string? Local { get; init; }

    /// <summary>Gets the folder below the remote and the local directory that holds the index and the shards.</summary>
    /// <value>The default is <see langword="null"/>: the directories themselves hold them.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(split=…)</c>.</remarks>
    public string? Split { get; init; }

    /// <summary>Gets how many times a download is tried, the first time included; at least 1.</summary>
    /// <value>The default is 2.</value>
    /// <remarks>Counts for each request, which continues after its last byte, and again for each file whose size or hash is wrong or that
    /// changes while it is read. Mirrors <c>streaming.StreamingDataset(download_retry=…)</c>.</remarks>
    public int DownloadRetry { get; init; } = 2;

    /// <summary>Gets how long a download may go without an answer or a further byte. Other bounds are fixed: a request that failed is not
    /// tried again after 15 minutes.</summary>
    /// <value>The default is 60 seconds.</value>
    /// <remarks>A part of a shard that takes far longer than others is asked for a second time long before. Mirrors <c>streaming.StreamingDataset(download_timeout=…)</c>.</remarks>
    public TimeSpan DownloadTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets the name of the hash that downloaded shards are checked by, for example <c>xxh64</c>.</summary>
    /// <value>The default is <see langword="null"/>: sizes are checked, hashes are not.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(validate_hash=…)</c>.</remarks>
    public string? ValidateHash { get; init; }

    /// <summary>Gets whether compressed shards are kept beside the decompressed ones.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(keep_zip=…)</c>.</remarks>
    public bool KeepZip { get; init; }

    /// <summary>Gets whether an index that is in the local directory already is compared with the remote one, which is downloaded for it. A
    /// difference is logged as a warning; the local one is used all the same.</summary>
    /// <value>The default is <see langword="false"/>: a local index is trusted, as upstream does.</value>
    public bool CheckIndex { get; init; }

    /// <summary>Gets the samples of an epoch over all streams. <see cref="SampleCount.Parse"/> reads upstream's strings such as
    /// <c>1.5m</c>.</summary>
    /// <value>The default is <see langword="null"/>: as many as the streams have, or choose. 0 means the same.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(epoch_size=…)</c>.</remarks>
    public SampleCount? EpochSize { get; init; }

    /// <summary>Gets how many samples shards are fetched ahead of the loop. A loader raises it to what its buffers need.</summary>
    /// <value>The default is <see langword="null"/>: eight batches.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(predownload=…)</c>.</remarks>
    public int? Predownload { get; init; }

    /// <summary>Gets the upper bound for the bytes kept locally on this machine: shards, raw and compressed, and index files, of all streams
    /// and all processes together.</summary>
    /// <value>The default is <see langword="null"/>: nothing is evicted. 0 means the same.</value>
    /// <remarks>It must be more than the index files take and at least four times the largest shard, raw and compressed together. Streams
    /// without a remote do not count and are never evicted. Nor are shards that a loader or a sample has leased, in any process: the limit
    /// may be exceeded by what the next batch needs. All processes should give the same limit. Mirrors
    /// <c>streaming.StreamingDataset(cache_limit=…)</c>.</remarks>
    public ByteSize? CacheLimit { get; init; }

    /// <summary>Gets whether every epoch chooses again when it takes a fraction of a stream.</summary>
    /// <value>The default is <see cref="SamplingMethod.Balanced"/>.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(sampling_method=…)</c>.</remarks>
    public SamplingMethod SamplingMethod { get; init; } = SamplingMethod.Balanced;

    /// <summary>Gets how many samples of a shard are chosen at a time.</summary>
    /// <value>The default is 1.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(sampling_granularity=…)</c>.</remarks>
    public int SamplingGranularity { get; init; } = 1;

    /// <summary>Gets how samples are divided over nodes and ranks.</summary>
    /// <value>The default is <see cref="PartitionAlgorithm.Relaxed"/>.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(partition_algo=…)</c>.</remarks>
    public PartitionAlgorithm PartitionAlgorithm { get; init; } = PartitionAlgorithm.Relaxed;

    /// <summary>Gets the number of parts that the epoch is divided into before it meets the real nodes.</summary>
    /// <value>The default is <see langword="null"/>: the nodes that the run begins with, times 64 for <c>py1s</c> and <c>py2s</c>.</value>
    /// <remarks>A loaded state brings its own. Mirrors <c>streaming.StreamingDataset(num_canonical_nodes=…)</c>.</remarks>
    public int? NumCanonicalNodes { get; init; }

    /// <summary>Gets the samples per device and batch.</summary>
    /// <value>The default is <see langword="null"/>: a loader must give one. Samples can be read by number without it.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(batch_size=…)</c>.</remarks>
    public int? BatchSize { get; init; }

    /// <summary>Gets whether samples are shuffled.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(shuffle=…)</c>.</remarks>
    public bool Shuffle { get; init; }

    /// <summary>Gets how samples are shuffled.</summary>
    /// <value>The default is <see cref="ShuffleAlgorithm.Py1E"/>.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(shuffle_algo=…)</c>.</remarks>
    public ShuffleAlgorithm ShuffleAlgorithm { get; init; } = ShuffleAlgorithm.Py1E;

    /// <summary>Gets the seed of everything random: the order, and the transforms' randomness.</summary>
    /// <value>The default is 9176.</value>
    /// <remarks>A loaded state brings its own. Mirrors <c>streaming.StreamingDataset(shuffle_seed=…)</c>.</remarks>
    public ulong ShuffleSeed { get; init; } = 9176;

    /// <summary>Gets the size, in samples, of the blocks within which samples are shuffled.</summary>
    /// <value>The default is <see langword="null"/>: 4,000,000 divided by the canonical nodes, at least 262,144.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(shuffle_block_size=…)</c>.</remarks>
    public long? ShuffleBlockSize { get; init; }

    /// <summary>Gets how samples of several streams meet in batches.</summary>
    /// <value>The default is <see cref="BatchingMethod.Random"/>.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(batching_method=…)</c>.</remarks>
    public BatchingMethod BatchingMethod { get; init; } = BatchingMethod.Random;

    /// <summary>Gets whether encodings may be opened that run code from the data, such as Python's pickle.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    /// <remarks>There is no such decoder here: raw bytes of any column can always be read, and <see langword="true"/> is a
    /// <see cref="NotSupportedException"/>. Mirrors <c>streaming.StreamingDataset(allow_unsafe_types=…)</c>.</remarks>
    public bool AllowUnsafeTypes { get; init; }

    /// <summary>Gets how many consecutive ranks see the same samples.</summary>
    /// <value>The default is <see langword="null"/>: every rank sees its own.</value>
    /// <remarks>Mirrors <c>streaming.StreamingDataset(replication=…)</c>.</remarks>
    public int? Replication { get; init; }

    /// <summary>Gets where this process is among those that train together.</summary>
    /// <value>The default is <see langword="null"/>: what the environment says (see <see cref="World.FromEnvironment"/>).</value>
    public World? World { get; init; }

    /// <summary>Gets what opens remote locations.</summary>
    /// <value>The default is <see cref="ObjectStoreResolver.Default"/>, with which packages register their schemes.</value>
    public ObjectStoreResolver Stores { get; init; } = ObjectStoreResolver.Default;

    /// <summary>Gets what remote stores are given besides their location.</summary>
    /// <value>The default takes credentials from the environment.</value>
    public ObjectStoreOptions StoreOptions { get; init; } = new();

    /// <summary>Gets the maker of loggers.</summary>
    /// <value>The default logs nothing.</value>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Gets the clock of time-outs and pauses between tries.</summary>
    /// <value>The default is the system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Says what is read and in which order, for example <c>StreamingDatasetOptions: s3://bucket/c4 kept in /data/c4, split train,
    /// shuffled by Py1E with seed 9176, batches of 16</c>. What a URL has of credentials is left out.</summary>
    /// <returns>The line.</returns>
    public sealed override string ToString()
    {
        var place = Streams is { } streams
            ? Counted.Of(streams.Count, "stream")
            : new DataStream { Remote = Remote, Local = Local }.ToString();
        var split = string.IsNullOrEmpty(Split) ? "" : $", split {Split}";
        var order = Shuffle ? $", shuffled by {ShuffleAlgorithm} with seed {ShuffleSeed}" : "";
        return $"{GetType().Name}: {place}{split}{order}{(BatchSize is { } size ? $", batches of {size}" : "")}";
    }
}
