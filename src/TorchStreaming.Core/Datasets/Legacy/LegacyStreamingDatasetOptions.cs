// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TorchStreaming.Storage;

namespace TorchStreaming;

/// <summary>How a <see cref="LegacyStreamingDataset"/> is read, decoded and ordered.</summary>
/// <remarks>Immutable. The first seven properties are the arguments of <c>composer.datasets.streaming.StreamingDataset</c>; the others are
/// what the engine has to offer besides.</remarks>
public record LegacyStreamingDatasetOptions
{
    /// <summary>Gets the directory or URI that files are fetched from.</summary>
    /// <value>The default is <see langword="null"/>: all files are in <see cref="Local"/>.</value>
    /// <remarks>Mirrors <c>StreamingDataset(remote=…)</c>.</remarks>
    public string? Remote { get; init; }

    /// <summary>Gets the local directory that files are kept in.</summary>
    /// <value>The default is <see langword="null"/>: a folder of the user's cache directory (see
    /// <see cref="StreamingDataset.GetDefaultLocal"/>), or <see cref="Remote"/> itself if that is a directory of this machine.</value>
    /// <remarks>Mirrors <c>StreamingDataset(local=…)</c>, which has no default.</remarks>
    public string? Local { get; init; }

    /// <summary>Gets whether every worker goes through its part in a random order, another one in every epoch.</summary>
    /// <value>The default is <see langword="false"/>: in ascending order.</value>
    /// <remarks>Mirrors <c>StreamingDataset(shuffle=…)</c>.</remarks>
    public bool Shuffle { get; init; }

    /// <summary>Gets what makes a value of each field. Samples have these fields only, in the order in which the map enumerates
    /// them.</summary>
    /// <value>The default is <see langword="null"/>: all fields of the dataset, as arrays of bytes.</value>
    /// <remarks>A plain <see cref="Dictionary{TKey, TValue}"/> enumerates in the order in which fields were added, as Python's does. Loaders
    /// do not use the decoders: their transforms decode a field. A decoder gets a loan for the time of the call and is called by several threads
    /// at a time; what it throws becomes a <see cref="SampleDecodeException"/> with the place. Mirrors <c>StreamingDataset(decoders=…)</c>.</remarks>
    public IReadOnlyDictionary<string, Func<ReadOnlySpan<byte>, object?>>? Decoders { get; init; }

    /// <summary>Gets how many times a failed download is tried again; 0 or more.</summary>
    /// <value>The default is 2.</value>
    /// <remarks>A file that does not exist is not asked for again. Mirrors <c>StreamingDataset(max_retries=…)</c>.</remarks>
    public int MaxRetries { get; init; } = 2;

    /// <summary>Gets how long a download may go without a further byte, whoever downloads.</summary>
    /// <value>The default is 60 seconds.</value>
    /// <remarks>Mirrors <c>StreamingDataset(timeout=…)</c>, in seconds.</remarks>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets the samples per device and batch: with it, workers get whole batches, and only the last batch of a device is
    /// short.</summary>
    /// <value>The default is <see langword="null"/>: samples are divided over workers without regard to batches. 0 means the same.</value>
    /// <remarks>A loader must then have the same batch size. Mirrors <c>StreamingDataset(batch_size=…)</c>.</remarks>
    public int? BatchSize { get; init; }

    /// <summary>Gets what fields hold, for loaders: the encoding by the field's name, as in <c>("x", "jpeg"), ("y", "int64")</c>.</summary>
    /// <value>The default is empty: every field is <c>bytes</c>.</value>
    public ImmutableDictionary<string, string> Encodings { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Gets the seed of the order, and of the transforms' randomness.</summary>
    /// <value>The default is 9176.</value>
    /// <remarks>Composer had none: its order was another one in every run.</remarks>
    public ulong ShuffleSeed { get; init; } = 9176;

    /// <summary>Gets how many samples shards are fetched ahead of a loader's loop.</summary>
    /// <value>The default is <see langword="null"/>: eight batches.</value>
    public int? Predownload { get; init; }

    /// <summary>Gets whether compressed shards are kept beside the decompressed ones.</summary>
    /// <value>The default is <see langword="false"/>, as in Composer.</value>
    public bool KeepZip { get; init; }

    /// <summary>Gets the upper bound for the bytes kept locally; see <see cref="StreamingDatasetOptions.CacheLimit"/>.</summary>
    /// <value>The default is <see langword="null"/>: nothing is evicted.</value>
    /// <remarks>The index does not say how large compressed shards are. The limit reckons with the most that gzip can make of them.</remarks>
    public ByteSize? CacheLimit { get; init; }

    /// <summary>Gets where this process is among those that train together.</summary>
    /// <value>The default is <see langword="null"/>: what the environment says (see <see cref="World.FromEnvironment"/>).</value>
    public World? World { get; init; }

    /// <summary>Gets what opens remote locations.</summary>
    /// <value>The default is <see cref="ObjectStoreResolver.Default"/>.</value>
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

    /// <summary>Says what is read and in which order, for example <c>LegacyStreamingDatasetOptions: s3://bucket/old kept in /data/old,
    /// shuffled with seed 9176</c>. What a URL has of credentials is left out.</summary>
    /// <returns>The line.</returns>
    public sealed override string ToString()
    {
        var order = Shuffle ? $", shuffled with seed {ShuffleSeed}" : "";
        return $"{GetType().Name}: {new DataStream { Remote = Remote, Local = Local }}{order}{(BatchSize is { } size ? $", batches of {size}" : "")}";
    }
}
