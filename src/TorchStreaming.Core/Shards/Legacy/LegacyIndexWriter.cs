// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace TorchStreaming.Shards;

/// <summary>Gathers what the binary index needs and writes it, byte for byte as Composer did.</summary>
internal sealed class LegacyIndexWriter
{
    private readonly IReadOnlyList<string> _fields;
    private readonly List<long> _shardSamples = [];
    private readonly List<long> _shardBytes = [];
    private readonly List<long> _sampleSizes = [];

    public LegacyIndexWriter(IReadOnlyList<string> fields) => _fields = fields;

    /// <summary>Gets the number of shards.</summary>
    public int ShardCount => _shardSamples.Count;

    /// <summary>Gets the number of samples.</summary>
    public long SampleCount => _sampleSizes.Count;

    /// <summary>Notes the next sample.</summary>
    public void AddSample(long size) => _sampleSizes.Add(size);

    /// <summary>Notes that a shard is full.</summary>
    public void AddShard(long samples, long bytes)
    {
        _shardSamples.Add(samples);
        _shardBytes.Add(bytes);
    }

    /// <summary>Writes the index.</summary>
    public void Write(Stream output)
    {
        using var writer = new BinaryWriter(output, Encoding.UTF8, leaveOpen: true);
        writer.Write(LegacyIndex.Magic);
        writer.Write(LegacyIndex.Version);
        writer.Write((uint)_shardSamples.Count);
        writer.Write((long)_sampleSizes.Count);
        writer.Write(_shardBytes.Sum());
        _shardSamples.ForEach(writer.Write);
        _shardBytes.ForEach(writer.Write);
        WriteSizes(writer);
        var names = _fields.Select(Encoding.UTF8.GetBytes).ToArray();
        writer.Write(names.Length);
        foreach (var name in names)
        {
            writer.Write(name.Length);
        }

        foreach (var name in names)
        {
            writer.Write(name);
        }
    }

    private void WriteSizes(BinaryWriter writer)
    {
        var sizes = CollectionsMarshal.AsSpan(_sampleSizes);
        if (!sizes.IsEmpty && !sizes.ContainsAnyExcept(sizes[0]))
        {
            writer.Write(0);
            writer.Write(sizes[0]);
            return;
        }

        var largest = _sampleSizes.DefaultIfEmpty().Max();
        var width = largest < 1L << 8 ? 1 : largest < 1L << 16 ? 2 : largest < 1L << 32 ? 4 : 8;
        writer.Write(width);
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var size in sizes)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, size);
            writer.Write(number[..width]);
        }
    }
}
