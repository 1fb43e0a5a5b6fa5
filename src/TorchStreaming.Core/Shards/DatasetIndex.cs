// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Collections.Immutable;
using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>The content of <c>index.json</c>: the shards of one dataset or split, in order.</summary>
/// <remarks>Immutable and thread-safe. Equal schemas are one object, and many shards are kept packed: a million take about 50 MB.</remarks>
public sealed class DatasetIndex
{
    /// <summary>The name of the index file in a dataset's directory.</summary>
    public const string FileName = "index.json";

    /// <summary>Creates an index.</summary>
    /// <param name="shards">The shards, in order.</param>
    internal DatasetIndex(ImmutableArray<ShardInfo> shards)
        : this(new ShardList(shards))
    {
    }

    internal DatasetIndex(ShardList shards)
    {
        Shards = shards;
        if (shards.Packed is { } packed)
        {
            (SampleCount, RawBytes, StoredBytes) = (packed.SampleCount, packed.RawBytes, packed.StoredBytes);
            return;
        }

        foreach (var shard in shards)
        {
            checked
            {
                SampleCount += shard.SampleCount;
                RawBytes += shard.RawBytes;
                StoredBytes += shard.StoredBytes;
            }
        }
    }

    /// <summary>Gets the shards, in order.</summary>
    internal ShardList Shards { get; }

    /// <summary>Gets the number of shards.</summary>
    public int ShardCount => Shards.Length;

    /// <summary>Gets the distinct column sets of the shards; one for most datasets.</summary>
    public ImmutableArray<ShardSchema> Schemas => Shards.Schemas;

    /// <summary>Gets the number of samples of all shards; may be 0.</summary>
    public long SampleCount { get; }

    /// <summary>Gets the size in bytes of all files as readers need them.</summary>
    public long RawBytes { get; }

    /// <summary>Gets the size in bytes of all files as they are stored.</summary>
    public long StoredBytes { get; }

    /// <summary>Reads an index. Unknown keys are passed over and keys that do not matter to a reader may be missing; what is there must
    /// make sense.</summary>
    /// <param name="utf8">The whole file.</param>
    /// <param name="location">The file for messages, as a path or URI free of secrets.</param>
    /// <returns>The index.</returns>
    /// <exception cref="ShardFormatException">The index is damaged, of another version, or asks for the impossible.</exception>
    public static DatasetIndex Parse(ReadOnlySpan<byte> utf8, string location)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        return new IndexParser(location).Parse(utf8);
    }

    /// <summary>Writes the index byte for byte as upstream does.</summary>
    /// <param name="output">Receives UTF-8 text.</param>
    /// <exception cref="NotSupportedException">The index is of Composer's legacy format, which has no such text.</exception>
    public void Write(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (Shards.Schemas.Any(static schema => schema.Format == ShardFormats.Legacy))
        {
            throw new NotSupportedException("A dataset of Composer's legacy format has no index.json; convert it to MDS.");
        }

        IndexWriter.WriteIndex(Shards, output);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Counted.Of(SampleCount, "sample")} in {Counted.Of(ShardCount, "shard")}, {new ByteSize(StoredBytes)}";
}
