// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Shards;

/// <summary>Collects the shards of an index, packing them once they are many.</summary>
internal sealed class ShardListBuilder
{
    private readonly ImmutableArray<ShardInfo>.Builder _plain = ImmutableArray.CreateBuilder<ShardInfo>();
    private PackedShards.Builder? _packed;
    private bool _canPack = true;

    /// <summary>Gets the number of shards so far.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a shard.</summary>
    public void Add(ShardInfo shard)
    {
        Count++;
        if (_packed is not null)
        {
            AddPacked(shard);
            return;
        }

        _plain.Add(shard);
        if (_canPack && Count == ShardList.PackingThreshold)
        {
            Pack();
        }
    }

    /// <summary>Ends the collection.</summary>
    public ShardList Build() => _packed is null ? new ShardList(_plain.DrainToImmutable()) : new ShardList(_packed.Build());

    private void Pack()
    {
        var packed = new PackedShards.Builder();
        _canPack = _plain.All(packed.TryAdd);
        if (_canPack)
        {
            _packed = packed;
            _plain.Clear();
        }
    }

    private void AddPacked(ShardInfo shard)
    {
        if (_packed!.TryAdd(shard))
        {
            return;
        }

        // Shards that have nothing in common are kept as they are.
        _plain.AddRange(_packed.Unpack());
        _plain.Add(shard);
        _packed = null;
        _canPack = false;
    }
}
