// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>One of the sources that a data set is mixed from: where its shards lie and how much of it an epoch takes.</summary>
/// <remarks>Immutable; one object may be used in several data sets. What is left <see langword="null"/> is taken from the data set's
/// options. At most one of <see cref="Proportion"/>, <see cref="Repeat"/> and <see cref="Choose"/> is given, and either all streams of a
/// data set have a proportion or none has. Mirrors <c>streaming.Stream</c>.</remarks>
public sealed record DataStream
{
    /// <summary>Gets the directory or URI that holds the shards.</summary>
    /// <value>The default is <see langword="null"/>: the shards lie in <see cref="Local"/> and nothing is downloaded.</value>
    /// <remarks>Mirrors <c>streaming.Stream(remote=…)</c>.</remarks>
    public string? Remote { get; init; }

    /// <summary>Gets the local directory that shards are downloaded to and read from. A split has a folder of its own in it.</summary>
    /// <value>The default is <see langword="null"/>: a folder of the user's cache directory, named by a digest of <see cref="Remote"/>, the
    /// same in every run (see <see cref="StreamingDataset.GetDefaultLocal"/>).</value>
    /// <remarks>Upstream's default is a temporary directory that must not exist yet. Mirrors <c>streaming.Stream(local=…)</c>.</remarks>
    public string? Local { get; init; }

    /// <summary>Gets the folder below <see cref="Remote"/> and <see cref="Local"/> that holds the index and the shards.</summary>
    /// <value>The default is <see langword="null"/>: that of the data set's options.</value>
    /// <remarks>Mirrors <c>streaming.Stream(split=…)</c>.</remarks>
    public string? Split { get; init; }

    /// <summary>Gets the stream's share of the epoch relative to the other streams' proportions; 0 or more.</summary>
    /// <remarks>Mirrors <c>streaming.Stream(proportion=…)</c>.</remarks>
    public double? Proportion { get; init; }

    /// <summary>Gets how often an epoch goes through the stream; 0.5 takes half of it. 0 or more.</summary>
    /// <remarks>Mirrors <c>streaming.Stream(repeat=…)</c>.</remarks>
    public double? Repeat { get; init; }

    /// <summary>Gets how many samples of the stream an epoch has; 0 or more.</summary>
    /// <remarks>Mirrors <c>streaming.Stream(choose=…)</c>.</remarks>
    public long? Choose { get; init; }

    /// <summary>Gets how many times a download is tried, the first time included; at least 1.</summary>
    /// <value>The default is <see langword="null"/>: that of the data set's options.</value>
    /// <remarks>Mirrors <c>streaming.Stream(download_retry=…)</c>.</remarks>
    public int? DownloadRetry { get; init; }

    /// <summary>Gets how long a download may take.</summary>
    /// <value>The default is <see langword="null"/>: that of the data set's options.</value>
    /// <remarks>Mirrors <c>streaming.Stream(download_timeout=…)</c>.</remarks>
    public TimeSpan? DownloadTimeout { get; init; }

    /// <summary>Gets the name of the hash that downloaded shards are checked by, for example <c>xxh64</c>.</summary>
    /// <value>The default is <see langword="null"/>: that of the data set's options.</value>
    /// <remarks>Mirrors <c>streaming.Stream(validate_hash=…)</c>.</remarks>
    public string? ValidateHash { get; init; }

    /// <summary>Gets whether compressed shards are kept beside the decompressed ones. They always are when nothing is downloaded.</summary>
    /// <value>The default is <see langword="null"/>: that of the data set's options.</value>
    /// <remarks>Mirrors <c>streaming.Stream(keep_zip=…)</c>.</remarks>
    public bool? KeepZip { get; init; }
}
