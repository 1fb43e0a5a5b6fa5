// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Reads runs of entries that are written like the one before them, which nearly all entries of an index are.</summary>
/// <param name="shards">Receives the shards.</param>
internal sealed class EntryRun(ShardListBuilder shards)
{
    /// <summary>How often a pattern is learned before it must have paid for itself, in entries for each time.</summary>
    private const int FreeLessons = 16;
    private const int EntriesPerLesson = 4;

    private EntryPattern? _pattern;
    private long _lessons;
    private long _taken;

    /// <summary>Takes the entries after one that was parsed and added.</summary>
    /// <param name="entry">The text of that one.</param>
    /// <param name="rest">The text after it.</param>
    /// <param name="bytes">The size of all files so far, which is added to.</param>
    /// <returns>The length of what was taken, up to the end of the last entry taken.</returns>
    public int Take(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> rest, ref long bytes)
    {
        if (shards.Packed is not { Count: > 0 } packed)
        {
            return 0;
        }

        var taken = Follow(packed, rest, ref bytes);
        if (taken > 0 || _lessons > FreeLessons + (_taken / EntriesPerLesson))
        {
            return taken;
        }

        _lessons++;
        _pattern = EntryPattern.TryLearn(entry, packed.LastTemplate, packed.LastRecord);
        packed.Reserve((int)Math.Min(rest.Length / entry.Length, int.MaxValue));
        return Follow(packed, rest, ref bytes);
    }

    private int Follow(PackedShards.Builder packed, ReadOnlySpan<byte> rest, ref long bytes)
    {
        if (_pattern is null || _pattern.Template != packed.LastTemplate)
        {
            return 0;
        }

        var taken = 0;
        while (FindEntry(rest[taken..]) is > 0 and var start
            && packed.TryAdd(_pattern, rest[(taken + start)..], ref bytes, out var length))
        {
            taken += start + length;
            _taken++;
        }

        return taken;
    }

    /// <summary>Finds the next entry of the list.</summary>
    /// <returns>Where it begins; 0 when there is none.</returns>
    private static int FindEntry(ReadOnlySpan<byte> text)
    {
        var at = SkipSpace(text, 0);
        return at < text.Length && text[at] == ',' ? SkipSpace(text, at + 1) : 0;
    }

    private static int SkipSpace(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }
}
