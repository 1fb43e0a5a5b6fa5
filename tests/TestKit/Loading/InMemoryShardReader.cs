// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using TorchStreaming.Shards;

namespace TorchStreaming.TestKit;

/// <summary>A shard whose samples are a 64-bit id and a text of as many bytes as the id modulo 7, made when the shard is.</summary>
internal sealed class InMemoryShardReader : ShardReader
{
    /// <summary>The columns of all such shards.</summary>
    public static readonly ShardSchema IdAndText = new("mds", [new ShardColumn("id", "int64", 8), new ShardColumn("text", "bytes", null)]);

    private readonly byte[][] _samples;

    /// <summary>Creates the shard.</summary>
    /// <param name="firstId">The id of its first sample.</param>
    /// <param name="count">The number of its samples.</param>
    public InMemoryShardReader(long firstId, int count)
        : base(new ShardInfo { Schema = IdAndText, SampleCount = count, Files = [] }, "memory")
    {
        _samples = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            var id = firstId + i;
            _samples[i] = new byte[8 + TextLength(id)];
            BinaryPrimitives.WriteInt64LittleEndian(_samples[i], id);
            _samples[i].AsSpan(8).Fill((byte)id);
        }
    }

    /// <summary>Gets whether the reader was disposed.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>Gets the number of bytes of a sample's text.</summary>
    public static int TextLength(long id) => (int)(id % 7);

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> GetSampleBytes(int index)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return _samples[index];
    }

    /// <inheritdoc/>
    public override SampleFields GetSample(int index, Span<FieldRange> ranges)
    {
        var bytes = GetSampleBytes(index);
        ranges[0] = new FieldRange(0, 8);
        ranges[1] = new FieldRange(8, bytes.Length - 8);
        return new SampleFields(Schema, bytes, ranges[..2]);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => IsDisposed = true;
}
