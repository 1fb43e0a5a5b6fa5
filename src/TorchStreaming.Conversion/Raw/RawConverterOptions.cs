// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>How raw data becomes a dataset.</summary>
/// <remarks>Immutable. The output is a function of the raw data and of these options except <see cref="Workers"/>.</remarks>
public record RawConverterOptions
{
    /// <summary>Gets the default options.</summary>
    public static RawConverterOptions Default { get; } = new();

    /// <summary>Gets the format to write: <c>mds</c>, or <c>tar</c> for WebDataset's tars with an index; see
    /// <see cref="ShardFormats"/>.</summary>
    /// <value>The default is <c>mds</c>.</value>
    /// <remarks>The key of a sample in a tar is the number of its item; numbers become text. Arrays and raw pixels cannot be
    /// written.</remarks>
    public string Format { get; init; } = ShardFormats.Mds;

    /// <summary>Gets the compression of the shards: a family (<c>br</c>, <c>bz2</c>, <c>gz</c>, <c>snappy</c> or <c>zstd</c>) and, for most,
    /// a level, as in <c>zstd:7</c>.</summary>
    /// <value>The default is <see langword="null"/>: none.</value>
    /// <exception cref="ArgumentException">There is no such compression.</exception>
    /// <remarks>Mirrors <c>streaming.MDSWriter(compression=…)</c>.</remarks>
    public string? Compression
    {
        get => CompressionScheme?.ToString();
        init => CompressionScheme = value is null ? null : CompressionScheme.Parse(value);
    }

    /// <summary>Gets <see cref="Compression"/>, understood.</summary>
    internal CompressionScheme? CompressionScheme { get; init; }

    /// <summary>Gets the names of the hashes to record, in any order.</summary>
    /// <value>The default is <c>sha1</c> and <c>xxh64</c>, as upstream's converter has it.</value>
    /// <remarks>Mirrors <c>streaming.MDSWriter(hashes=…)</c>.</remarks>
    public ImmutableArray<string> Hashes { get; init; } = ["sha1", "xxh64"];

    /// <summary>Gets the maximum size of a shard before compression. A larger sample gets a shard of its own.</summary>
    /// <value>The default is 64 MiB.</value>
    /// <remarks>Shards are put together in memory: one while it is filled, and up to four while they are compressed and written.
    /// Mirrors <c>streaming.MDSWriter(size_limit=…)</c>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1 or not below 4 GiB.</exception>
    public ByteSize SizeLimit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value.Bytes, 1, nameof(SizeLimit));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Bytes, uint.MaxValue, nameof(SizeLimit));
            field = value;
        }
    } = ByteSize.MiB(64);

    /// <summary>Gets whether samples are written in shuffled order; otherwise in the order of the raw data.</summary>
    /// <value>The default is <see langword="false"/>. Data that is read from front to back, such as texts, cannot be shuffled.</value>
    public bool Shuffle { get; init; }

    /// <summary>Gets the number that the shuffled order depends on.</summary>
    /// <value>The default is 0. Upstream draws another order each time.</value>
    public long ShuffleSeed { get; init; }

    /// <summary>Gets what to do with an item that is damaged or not of the expected format.</summary>
    /// <value>The default is <see cref="SampleErrorPolicy.Throw"/>.</value>
    public SampleErrorPolicy OnError { get; init; }

    /// <summary>Gets whether a dataset that is in the output already, whole or unfinished, is deleted first.</summary>
    /// <value>The default is <see langword="false"/>: an unfinished conversion of the same raw data with the same options is
    /// continued, anything else is an error. Files that are not part of a dataset are never deleted.</value>
    public bool Overwrite { get; init; }

    /// <summary>Gets how many items are read, and shards finished, at a time.</summary>
    /// <value>The default is the number of processors.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Workers
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Workers));
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>Says what is written, for example <c>RawConverterOptions: mds, shards up to 64 MiB, not compressed, hashes sha1,
    /// xxh64</c>.</summary>
    /// <returns>The line.</returns>
    public sealed override string ToString()
    {
        var compression = Compression is { } scheme ? $"{scheme}" : "not compressed";
        var hashes = Hashes.IsEmpty ? "" : $", hashes {string.Join(", ", Hashes)}";
        return $"{GetType().Name}: {Format}, shards up to {SizeLimit}, {compression}{hashes}{(Shuffle ? $", shuffled with seed {ShuffleSeed}" : "")}";
    }
}
