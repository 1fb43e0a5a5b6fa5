// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Shards;

/// <summary>Collects the shards of an index: packed as long as they can be, and at the end as objects if they are few.</summary>
internal sealed class ShardListBuilder
{
    private readonly ImmutableArray<ShardInfo>.Builder _plain = ImmutableArray.CreateBuilder<ShardInfo>();

    /// <summary>Gets the shards so far, unless they have too little in common to be packed.</summary>
    public PackedShards.Builder? Packed { get; private set; } = new();

    /// <summary>Gets the number of shards so far.</summary>
    public int Count => Packed?.Count ?? _plain.Count;

    /// <summary>Adds a shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="text">Its entry in the index.</param>
    public void Add(ShardInfo shard, ReadOnlySpan<byte> text)
    {
        if (Packed is not null && !Packed.TryAdd(shard, text))
        {
            Unpack();
        }

        if (Packed is null)
        {
            _plain.Add(shard);
        }
    }

    /// <summary>Ends the collection.</summary>
    public ShardList Build()
    {
        if (Packed is { Count: >= ShardList.PackingThreshold } packed)
        {
            return new ShardList(packed.Build());
        }

        Unpack();
        return new ShardList(_plain.DrainToImmutable());
    }

    private void Unpack()
    {
        if (Packed is not null)
        {
            _plain.AddRange(Packed.Unpack());
            Packed = null;
        }
    }
}
