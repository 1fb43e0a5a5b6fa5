// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>The name of a tar's member taken apart: which sample it belongs to and which field of it it is.</summary>
/// <param name="Key">The sample's key within the name.</param>
/// <param name="Field">The field's name within the name; under <see cref="TarKeyRule.WebDataset"/> to be put into lower case.</param>
internal readonly record struct TarKey(Range Key, Range Field)
{
    /// <summary>Takes a name apart.</summary>
    /// <param name="name">The member's name, as <see cref="TarStreamReader.Name"/> gives it.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="key">The parts.</param>
    /// <returns>Whether the member belongs to a sample.</returns>
    public static bool TryParse(ReadOnlySpan<byte> name, TarKeyRule rule, out TarKey key)
    {
        var lastPart = name.LastIndexOf((byte)'/') + 1;
        var first = name[lastPart..].IndexOf((byte)'.');
        key = default;
        if (first < 0)
        {
            return false;
        }

        first += lastPart;
        var field = (rule == TarKeyRule.AIStore ? name.LastIndexOf((byte)'.') : first) + 1;
        if (field == name.Length)
        {
            return false;
        }

        key = rule == TarKeyRule.AIStore ? new TarKey(lastPart..first, field..) : new TarKey(..first, field..);
        return rule == TarKeyRule.AIStore || (first > lastPart && !IsMetadata(name, lastPart));
    }

    private static bool IsMetadata(ReadOnlySpan<byte> name, int lastPart)
    {
        var firstPart = name.IndexOf((byte)'/') is var slash and >= 0 ? name[..slash] : name;
        return IsReserved(firstPart) || IsReserved(name[lastPart..]);
    }

    private static bool IsReserved(ReadOnlySpan<byte> part) => part.Length >= 4 && part.StartsWith("__"u8) && part.EndsWith("__"u8);
}
