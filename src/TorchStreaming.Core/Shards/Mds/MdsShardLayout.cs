// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;

namespace TorchStreaming.Shards;

/// <summary>Lays out an MDS shard: count, offsets, configuration, samples.</summary>
internal sealed class MdsShardLayout
{
    private readonly byte[] _configuration;

    public MdsShardLayout(ShardSchema schema, DatasetWriterOptions options)
    {
        var text = new ArrayBufferWriter<byte>();
        IndexWriter.WriteConfiguration(schema, options.Compression?.ToString(), options.Hashes, options.SizeLimitBytes, text);
        _configuration = text.WrittenSpan.ToArray();
    }

    /// <summary>Gets the number of bytes of a shard without samples: the count, one offset, the configuration.</summary>
    public long EmptyLength => 2 * sizeof(uint) + _configuration.Length;

    /// <summary>Makes the shard's file, which refers to the samples' memory.</summary>
    public RawShardFile LayOut(ShardBuffer buffer, int shard)
    {
        var head = new byte[checked(EmptyLength + sizeof(uint) * (long)buffer.SampleCount)];
        BinaryPrimitives.WriteUInt32LittleEndian(head, (uint)buffer.SampleCount);
        var first = (uint)head.Length;
        var offsets = head.AsSpan(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(offsets, first);
        foreach (var end in buffer.Ends)
        {
            offsets = offsets[sizeof(uint)..];
            BinaryPrimitives.WriteUInt32LittleEndian(offsets, checked(first + end));
        }

        _configuration.CopyTo(offsets[sizeof(uint)..]);
        return new RawShardFile(ShardNames.Data(shard, ShardFormats.Mds), [head, .. buffer.Segments]);
    }
}
