// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;
using TorchStreaming.Datasets;
using TorchStreaming.Loading;
using TorchStreaming.Ordering;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming;

/// <summary>One of the sources that a dataset is mixed from: where its shards are and how much of it an epoch takes.</summary>
/// <remarks>Immutable; one object may be used in several datasets. What is left <see langword="null"/> is taken from the dataset's
/// options. At most one of <see cref="Proportion"/>, <see cref="Repeat"/> and <see cref="Choose"/> is given, and either all streams of a
/// dataset have a proportion or none has. Mirrors <c>streaming.Stream</c>.</remarks>
public sealed record DataStream
{
    /// <summary>Gets the directory or URI that holds the shards.</summary>
    /// <value>The default is <see langword="null"/>: the shards are in <see cref="Local"/> and nothing is downloaded.</value>
    /// <remarks>Mirrors <c>streaming.Stream(remote=…)</c>.</remarks>
    public string? Remote { get; init; }

    /// <summary>Gets the local directory that shards are downloaded to and read from. A split has a folder of its own in it.</summary>
    /// <value>The default is <see langword="null"/>: a folder of the user's cache directory, named by a digest of <see cref="Remote"/>, the
    /// same in every run (see <see cref="StreamingDataset.GetDefaultLocal"/>).</value>
    /// <remarks>Upstream's default is a temporary directory that must not exist yet. Mirrors <c>streaming.Stream(local=…)</c>.</remarks>
    public string? Local { get; init; }

    /// <summary>Gets the folder below <see cref="Remote"/> and <see cref="Local"/> that holds the index and the shards.</summary>
    /// <value>The default is <see langword="null"/>: that of the dataset's options.</value>
    /// <remarks>Mirrors <c>streaming.Stream(split=…)</c>.</remarks>
    public string? Split { get; init; }

    /// <summary>Gets how tars of files (WebDataset) are read, and which.</summary>
    /// <value>The default is <see langword="null"/>: tars with the default options where <see cref="Remote"/>, or without it
    /// <see cref="Local"/>, names them, as in <c>s3://b/train-{000000..000146}.tar</c>, else shards with an index.</value>
    /// <remarks>The tars' samples are found once, by an index beside the tars or by going through them, and kept in the local directory; from
    /// then on the stream is like any other.</remarks>
    public TarOptions? Tars { get; init; }

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
    /// <value>The default is <see langword="null"/>: that of the dataset's options.</value>
    /// <remarks>Mirrors <c>streaming.Stream(download_retry=…)</c>.</remarks>
    public int? DownloadRetry { get; init; }

    /// <summary>Gets how long a download may go without an answer or a further byte.</summary>
    /// <value>The default is <see langword="null"/>: that of the dataset's options.</value>
    /// <remarks>Mirrors <c>streaming.Stream(download_timeout=…)</c>.</remarks>
    public TimeSpan? DownloadTimeout { get; init; }

    /// <summary>Gets the name of the hash that downloaded shards are checked by, for example <c>xxh64</c>.</summary>
    /// <value>The default is <see langword="null"/>: that of the dataset's options.</value>
    /// <remarks>Mirrors <c>streaming.Stream(validate_hash=…)</c>.</remarks>
    public string? ValidateHash { get; init; }

    /// <summary>Gets whether compressed shards are kept beside the decompressed ones. They always are when nothing is downloaded.</summary>
    /// <value>The default is <see langword="null"/>: that of the dataset's options.</value>
    /// <remarks>Mirrors <c>streaming.Stream(keep_zip=…)</c>.</remarks>
    public bool? KeepZip { get; init; }

    /// <summary>Gets which kind of index the stream has.</summary>
    /// <value>The default is <see cref="DatasetIndexFormat.Any"/>: <c>index.json</c>, and where the store says that there is none, that of
    /// Composer's legacy format.</value>
    /// <remarks>Streams of both kinds can be mixed.</remarks>
    public DatasetIndexFormat IndexFormat { get; init; }

    /// <summary>Gets what the fields of a stream in Composer's legacy format hold: the encoding by the field's name, as in
    /// <c>("x", "jpeg"), ("y", "int64")</c>. The format itself knows bytes only.</summary>
    /// <value>The default is empty: every field is <c>bytes</c>.</value>
    /// <remarks>With the same names and encodings such a stream can be mixed with MDS streams.</remarks>
    public ImmutableDictionary<string, string> LegacyEncodings { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Checks the weights of streams that are to be mixed: at most one kind each, none below 0, and proportions on all of them or on
    /// none. A dataset does so by itself.</summary>
    /// <param name="streams">The streams, at least one.</param>
    /// <exception cref="ArgumentException">A weight breaks a rule; the message shows the values.</exception>
    /// <remarks>Mirrors <c>streaming.Stream.validate_weights</c>.</remarks>
    public static void ValidateWeights(IReadOnlyList<DataStream> streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        OrderOptionsValidation.Validate(ToOrderOptions(streams, [.. streams.Select(static _ => 0L)], epochSize: null, shuffleSeed: 0));
    }

    /// <summary>Derives what each stream contributes to an epoch. A dataset does so by itself; see <see cref="StreamingDataset.Weights"/>.</summary>
    /// <param name="streams">The streams, at least one.</param>
    /// <param name="sampleCounts">The number of samples of each.</param>
    /// <param name="epochSize">The samples of an epoch; <see langword="null"/> for as many as the streams have, or choose.</param>
    /// <param name="shuffleSeed">The seed that decides which streams get the samples that rounding leaves over.</param>
    /// <returns>The contributions.</returns>
    /// <exception cref="ArgumentException">A weight breaks a rule, or the epoch would have no samples.</exception>
    /// <remarks>Mirrors <c>streaming.Stream.apply_weights</c>; nothing is written back to the streams.</remarks>
    internal static StreamWeights ApplyWeights(
        IReadOnlyList<DataStream> streams, IReadOnlyList<long> sampleCounts, long? epochSize = null, ulong shuffleSeed = 9176)
    {
        ArgumentNullException.ThrowIfNull(streams);
        ArgumentNullException.ThrowIfNull(sampleCounts);
        return streams.Count == sampleCounts.Count
            ? StreamWeights.Derive(ToOrderOptions(streams, sampleCounts, epochSize, shuffleSeed))
            : throw new ArgumentException($"There are {streams.Count} streams and {sampleCounts.Count} sample counts.", nameof(sampleCounts));
    }

    /// <summary>Fills in what the stream leaves to the dataset's options, as opening the dataset does.</summary>
    /// <param name="options">The dataset's options.</param>
    /// <returns>The complete stream.</returns>
    /// <exception cref="ArgumentException">The stream or the options make no sense.</exception>
    /// <remarks>Mirrors <c>streaming.Stream.apply_default</c>.</remarks>
    public DataStream WithDefaults(StreamingDatasetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var resolved = ResolvedStream.Resolve(this, options);
        return this with
        {
            Local = ResolvedStream.ResolveTars(this).Source is var source
                ? ResolvedStream.ResolveLocations(source.Remote, source.Local).Local
                : null,
            Split = string.IsNullOrEmpty(Split) ? options.Split : Split,
            DownloadRetry = resolved.DownloadRetry,
            DownloadTimeout = resolved.DownloadTimeout,
            ValidateHash = resolved.ValidateHash,
            KeepZip = resolved.KeepZip,
        };
    }

    /// <summary>Reads the stream's index and sets its local directory up, without a dataset around it.</summary>
    /// <param name="options">The dataset's options; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <returns>The stream, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">The stream or the options make no sense.</exception>
    /// <exception cref="StorageException">The index could not be read.</exception>
    /// <exception cref="ShardFormatException">The index is damaged, or there are no samples.</exception>
    /// <exception cref="CacheException">The local directory cannot be used.</exception>
    internal ValueTask<OpenedStream> OpenAsync(StreamingDatasetOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new StreamingDatasetOptions();
        return DatasetOpener.OpenStreamAsync(ResolvedStream.Resolve(this, options), options, cancellationToken);
    }

    /// <summary>Says where the stream is and what it contributes, for example <c>s3://bucket/c4 kept in /data/c4, split train, repeat 2</c>.
    /// What a URL has of credentials is left out.</summary>
    /// <returns>The line.</returns>
    public override string ToString()
    {
        var place = (Remote, Local) switch
        {
            (null, null) => "nowhere yet",
            (null, _) => Local,
            (_, null) => ObjectStoreLocation.WithoutSecrets(Remote),
            _ => $"{ObjectStoreLocation.WithoutSecrets(Remote)} kept in {Local}",
        };
        var weight = (Proportion, Repeat, Choose) switch
        {
            ({ } proportion, _, _) => string.Create(CultureInfo.InvariantCulture, $", proportion {proportion}"),
            (_, { } repeat, _) => string.Create(CultureInfo.InvariantCulture, $", repeat {repeat}"),
            (_, _, { } choose) => $", choose {choose}",
            _ => "",
        };
        return $"{place}{(string.IsNullOrEmpty(Split) ? "" : $", split {Split}")}{weight}";
    }

    private static OrderOptions ToOrderOptions(
        IReadOnlyList<DataStream> streams, IReadOnlyList<long> sampleCounts, long? epochSize, ulong shuffleSeed) => new()
        {
            Streams = [.. streams.Zip(sampleCounts, static (stream, samples) => new StreamShape
            {
                ShardSizes = ToShards(samples),
                Proportion = stream.Proportion,
                Repeat = stream.Repeat,
                Choose = stream.Choose,
            })],
            BatchSize = 1,
            EpochSize = epochSize,
            ShuffleSeed = shuffleSeed,
        };

    // Weights depend on a stream's samples alone, however they are spread over shards.
    private static ImmutableArray<int> ToShards(long samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        var shards = ImmutableArray.CreateBuilder<int>();
        for (; samples > int.MaxValue; samples -= int.MaxValue)
        {
            shards.Add(int.MaxValue);
        }

        shards.Add((int)samples);
        return shards.ToImmutable();
    }
}
