// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Finds the shard that a file belongs to, by the file's name. Before the first name that may be a shard's nothing is made, so that a
/// directory without shards costs nothing, however many shards its index has.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ShardOwners
{
    private readonly IReadOnlyList<ShardInfo> _shards;
    private readonly PackedShards? _packed;
    private readonly Dictionary<NumberedName, List<ushort>> _kinds = [];
    private readonly Lazy<Dictionary<(ushort Kind, int Number), int>> _byNumber;
    private readonly Lazy<Dictionary<string, int>> _byName;

    /// <summary>Takes the shards of an index.</summary>
    /// <param name="shards">The shards, in order.</param>
    public ShardOwners(IReadOnlyList<ShardInfo> shards)
    {
        _shards = shards;
        _packed = (shards as ShardList)?.Packed;
        _byNumber = new Lazy<Dictionary<(ushort Kind, int Number), int>>(ListNumbers);
        _byName = new Lazy<Dictionary<string, int>>(ListNames);
        for (var kind = 0; kind < _packed?.Templates.Length; kind++)
        {
            foreach (var name in _packed.Templates[kind].Names)
            {
                if (!_kinds.TryGetValue(name, out var kinds))
                {
                    _kinds[name] = kinds = [];
                }

                kinds.Add((ushort)kind);
            }
        }
    }

    /// <summary>Finds a shard, the first one where several have a file of this name.</summary>
    /// <param name="basename">The file's name as the index has it, raw or compressed.</param>
    /// <param name="shard">The shard's number.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryFind(string basename, out int shard)
    {
        if (_packed is null)
        {
            return _byName.Value.TryGetValue(basename, out shard);
        }

        shard = int.MaxValue;
        if (NumberedName.TryParse(basename, out var number) is { } name && _kinds.TryGetValue(name, out var kinds))
        {
            foreach (var kind in kinds)
            {
                shard = _byNumber.Value.TryGetValue((kind, number), out var found) ? Math.Min(found, shard) : shard;
            }
        }

        return shard != int.MaxValue;
    }

    private Dictionary<(ushort Kind, int Number), int> ListNumbers()
    {
        var shards = new Dictionary<(ushort Kind, int Number), int>(_packed!.Count);
        for (var i = 0; i < _packed.Count; i++)
        {
            shards.TryAdd((_packed.Kinds[i], _packed.GetNumber(i)), i);
        }

        return shards;
    }

    private Dictionary<string, int> ListNames()
    {
        var shards = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < _shards.Count; i++)
        {
            foreach (var file in _shards[i].Files)
            {
                shards.TryAdd(file.Raw.Basename, i);
                shards.TryAdd(file.Stored.Basename, i);
            }
        }

        return shards;
    }
}
