// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>How <see cref="TarShardWriter"/> names tars and when it begins the next one.</summary>
/// <remarks>The limit in bytes is <see cref="DatasetWriterOptions.SizeLimit"/>.</remarks>
public sealed record TarShardWriterOptions
{
    /// <summary>Gets the name of the tars, with the place of their number as Python writes it.</summary>
    /// <value>The default is <c>shard-%06d.tar</c>.</value>
    /// <remarks>Mirrors <c>webdataset.ShardWriter(pattern)</c>.</remarks>
    public string Pattern { get; init; } = "shard-%06d.tar";

    /// <summary>Gets how many samples a tar holds at most.</summary>
    /// <value>The default is 100,000.</value>
    /// <remarks>Mirrors <c>webdataset.ShardWriter(maxcount=…)</c>.</remarks>
    public int MaxCount { get; init; } = 100_000;

    /// <summary>Gets the number of the first tar.</summary>
    /// <value>The default is 0.</value>
    /// <remarks>Mirrors <c>webdataset.ShardWriter(start_shard=…)</c>.</remarks>
    public int StartShard { get; init; }

    /// <summary>Gets the name of a tar.</summary>
    /// <param name="shard">Its place, from 0.</param>
    internal string NameOf(int shard)
    {
        var (start, end, width) = FindNumber();
        var number = (StartShard + (long)shard).ToString($"D{Math.Max(width, 1)}", CultureInfo.InvariantCulture);
        return $"{Pattern[..start]}{number}{Pattern[end..]}";
    }

    /// <summary>Checks the options.</summary>
    internal void Validate(string paramName)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCount, 1, paramName);
        ArgumentOutOfRangeException.ThrowIfNegative(StartShard, paramName);
        if (string.IsNullOrEmpty(Pattern)
            || FindNumber().Start < 0
            || Pattern.Contains('/', StringComparison.Ordinal)
            || !Pattern.EndsWith(".tar", StringComparison.Ordinal)
            || !ShardPaths.IsInside(NameOf(0)))
        {
            throw new ArgumentException(
                $"The pattern '{Pattern}' must be a file name that ends with '.tar' and has one place for a number, such as "
                + "'train-%06d.tar'.",
                paramName);
        }
    }

    private (int Start, int End, int Width) FindNumber()
    {
        var start = Pattern.IndexOf('%', StringComparison.Ordinal);
        var end = start < 0 ? -1 : Pattern.IndexOf('d', start);
        if (end < 0 || Pattern.IndexOf('%', end) >= 0)
        {
            return (-1, -1, 0);
        }

        var digits = Pattern.AsSpan((start + 1)..end);
        var width = 0;
        return digits.IsEmpty || (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out width) && width <= 18)
            ? (start, end + 1, width)
            : (-1, -1, 0);
    }
}
