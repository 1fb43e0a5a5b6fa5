// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;

namespace TorchStreaming.Shards;

/// <summary>Lays out a text shard: a file of samples behind an optional first line, and a file of count, offsets and
/// configuration.</summary>
internal sealed class SplitShardLayout
{
    private readonly string _format;
    private readonly byte[] _header;
    private readonly byte[] _configuration;

    /// <summary>Creates the layout.</summary>
    /// <param name="schema">The columns.</param>
    /// <param name="options">How the dataset is written.</param>
    /// <param name="header">What is before the first sample.</param>
    public SplitShardLayout(ShardSchema schema, DatasetWriterOptions options, byte[] header)
    {
        var text = new ArrayBufferWriter<byte>();
        IndexWriter.WriteConfiguration(schema, options.Compression?.ToString(), options.Hashes, options.SizeLimitBytes, text);
        _configuration = text.WrittenSpan.ToArray();
        _format = schema.Format;
        _header = header;
    }

    /// <summary>Gets the number of bytes before the first sample.</summary>
    public int HeaderLength => _header.Length;

    /// <summary>Makes the shard's files: offsets first, which refers to nothing, then data, which refers to the samples' memory.</summary>
    public IReadOnlyList<RawShardFile> LayOut(ShardBuffer buffer, int shard)
    {
        var meta = new byte[checked(2 * sizeof(uint) + sizeof(uint) * (long)buffer.SampleCount + _configuration.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(meta, (uint)buffer.SampleCount);
        var offsets = meta.AsSpan(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(offsets, (uint)_header.Length);
        foreach (var end in buffer.Ends)
        {
            offsets = offsets[sizeof(uint)..];
            BinaryPrimitives.WriteUInt32LittleEndian(offsets, checked((uint)_header.Length + end));
        }

        _configuration.CopyTo(offsets[sizeof(uint)..]);
        return
        [
            new RawShardFile(ShardNames.Meta(shard, _format), [meta]),
            new RawShardFile(ShardNames.Data(shard, _format), [_header, .. buffer.Segments]),
        ];
    }
}
