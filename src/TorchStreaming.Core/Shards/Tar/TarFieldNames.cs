// SPDX-License-Identifier: MIT

using System.Text;

namespace TorchStreaming.Shards;

/// <summary>Makes texts of the fields' names, one object per name. Not thread-safe.</summary>
internal sealed class TarFieldNames(TarKeyRule rule)
{
    /// <summary>How many different fields the samples of one tar may have. More mean that names are split in the wrong place.</summary>
    public const int Limit = 256;

    private readonly List<(byte[] Bytes, string Name)> _known = [];

    /// <summary>Gets a field's name as columns have it.</summary>
    /// <param name="field">The field within a member's name.</param>
    /// <returns>The name, or <see langword="null"/> when there are too many different ones.</returns>
    public string? Get(ReadOnlySpan<byte> field)
    {
        foreach (var (bytes, known) in _known)
        {
            if (field.SequenceEqual(bytes))
            {
                return known;
            }
        }

        if (_known.Count == Limit)
        {
            return null;
        }

        var name = Encoding.UTF8.GetString(field);
        _known.Add((field.ToArray(), rule == TarKeyRule.WebDataset ? name.ToLowerInvariant() : name));
        return _known[^1].Name;
    }
}
