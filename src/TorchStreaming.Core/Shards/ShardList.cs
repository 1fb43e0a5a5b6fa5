// SPDX-License-Identifier: MIT

using System.Collections;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace TorchStreaming.Shards;

/// <summary>The shards of an index, in order.</summary>
/// <remarks>Immutable and thread-safe. A large index keeps its shards packed, in about 50 bytes each, and makes a <see cref="ShardInfo"/>
/// each time that one is asked for; hold on to it rather than ask again. Their schemas are shared.</remarks>
internal sealed class ShardList : IReadOnlyList<ShardInfo>
{
    /// <summary>From so many shards on they are packed; fewer are not worth it.</summary>
    internal const int PackingThreshold = 1024;

    private readonly ImmutableArray<ShardInfo> _plain;

    internal ShardList(ImmutableArray<ShardInfo> shards)
    {
        _plain = shards;
        Length = shards.Length;
        Schemas = [.. shards.Select(static shard => shard.Schema).Distinct()];
    }

    internal ShardList(PackedShards packed)
    {
        Packed = packed;
        Length = packed.Count;
        Schemas = [.. packed.Templates.ToArray().Select(static template => template.Example.Schema).Distinct()];
    }

    /// <summary>Gets the number of shards.</summary>
    public int Length { get; }

    /// <summary>Gets whether there are no shards.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>Gets the distinct column sets of the shards; one for most datasets.</summary>
    public ImmutableArray<ShardSchema> Schemas { get; }

    /// <summary>Gets the shards as they are kept, if they are packed.</summary>
    internal PackedShards? Packed { get; }

    /// <inheritdoc/>
    int IReadOnlyCollection<ShardInfo>.Count => Length;

    /// <summary>Gets a shard.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <returns>The shard.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such shard.</exception>
    public ShardInfo this[int index]
    {
        get
        {
            ThrowIfOutside(index);
            return Packed is null ? _plain[index] : Packed[index];
        }
    }

    /// <summary>Gets the samples of a shard, at less cost than the whole shard.</summary>
    /// <param name="index">The shard's number, from 0.</param>
    /// <returns>The number of samples; may be 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such shard.</exception>
    public int GetSampleCount(int index)
    {
        ThrowIfOutside(index);
        return Packed?.GetSampleCount(index) ?? _plain[index].SampleCount;
    }

    /// <summary>Gets the samples of all shards.</summary>
    internal ImmutableArray<int> GetSampleCounts()
    {
        var counts = new int[Length];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = GetSampleCount(i);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(counts);
    }

    /// <inheritdoc/>
    public IEnumerator<ShardInfo> GetEnumerator()
    {
        for (var i = 0; i < Length; i++)
        {
            yield return this[i];
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void ThrowIfOutside(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Length);
    }
}
