// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>How a dataset is written.</summary>
public sealed record DatasetWriterOptions
{
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

    /// <summary>Gets the hashes that the index records of every file, sorted by name; see <see cref="ShardHashes.Names"/>.</summary>
    /// <value>The default is none.</value>
    /// <remarks>Mirrors <c>streaming.MDSWriter(hashes=…)</c>.</remarks>
    public ImmutableArray<string> Hashes
    {
        get;
        init => field = value.IsDefault ? [] : value;
    }
    = [];

    /// <summary>Gets the size of an uncompressed shard at which the next one is begun, below 4 GiB; <see langword="null"/> or 0 for no
    /// limit.</summary>
    /// <value>The default is 64 MiB.</value>
    /// <remarks>A single sample may exceed it. Mirrors <c>streaming.MDSWriter(size_limit=…)</c>.</remarks>
    public ByteSize? SizeLimit { get; init; } = ByteSize.MiB(64);

    /// <summary>Gets whether an existing output directory is deleted first, with everything in it. Of a dataset in a store only the index
    /// is deleted first; its shards are written over.</summary>
    /// <value>The default is <see langword="false"/>: a directory that is not empty is refused, and a store that has an index.</value>
    /// <remarks>Mirrors <c>streaming.MDSWriter(exist_ok=…)</c>.</remarks>
    public bool ExistOk { get; init; }

    /// <summary>Gets whether a first sample that exceeds the limit is preceded by an empty shard, as upstream's writers do.</summary>
    /// <value>The default is <see langword="true"/>: files are upstream's, byte for byte.</value>
    public bool EmptyLeadingShard { get; init; } = true;

    /// <summary>Gets whether local files are kept after their upload, when the output has a store.</summary>
    /// <value>The default is <see langword="false"/>: each file is deleted once it is uploaded.</value>
    /// <remarks>Mirrors <c>streaming.MDSWriter(keep_local=…)</c>.</remarks>
    public bool KeepLocal { get; init; }

    /// <summary>Gets how many shards are uploaded at a time, when the output has a store.</summary>
    /// <value>The default is four more than there are processors, at most 32.</value>
    /// <remarks>Mirrors <c>streaming.MDSWriter(max_workers=…)</c>.</remarks>
    public int MaxConcurrentUploads { get; init; } = Math.Min(32, Environment.ProcessorCount + 4);

    /// <summary>Gets how many full shards are hashed, compressed and written at a time while the next one is filled.</summary>
    /// <value>The default is the number of processors, at most 4. Memory is one more than this many times <see cref="SizeLimit"/>.</value>
    public int MaxConcurrentShards { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>Gets the size limit as the index records it.</summary>
    internal long? SizeLimitBytes => SizeLimit is { Bytes: > 0 } limit ? limit.Bytes : null;

    /// <inheritdoc/>
    public override string ToString()
    {
        var size = SizeLimit is { Bytes: > 0 } limit ? $"shards up to {limit}" : "one shard";
        var hashes = Hashes.IsEmpty ? "" : $", hashes {string.Join(", ", Hashes)}";
        return $"DatasetWriterOptions: {size}, {(Compression is { } compression ? $"{compression}" : "not compressed")}{hashes}";
    }

    /// <summary>Checks the options.</summary>
    /// <param name="paramName">The caller's parameter.</param>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    internal void Validate(string paramName)
    {
        foreach (var hash in Hashes)
        {
            if (!ShardHashes.Names.Contains(hash))
            {
                throw new ArgumentException($"'{hash}' is not a hash. Known are {string.Join(", ", ShardHashes.Names)}.", paramName);
            }
        }

        if (!Hashes.SequenceEqual(Hashes.Order(CodePointComparer.Instance)))
        {
            throw new ArgumentException("The hashes must be sorted by name.", paramName);
        }

        if (SizeLimit is { Bytes: < 0 or > uint.MaxValue } limit)
        {
            throw new ArgumentOutOfRangeException(
                paramName, limit.Bytes, "The size limit must be 0 or more and below 4 GiB, since offsets have 32 bits.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrentShards, 1, paramName);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrentUploads, 1, paramName);
    }
}
