// SPDX-License-Identifier: MIT

namespace TorchStreaming.Cli;

/// <summary>What <c>stats --json</c> prints.</summary>
internal sealed record StatsDocument(long Samples, long Measured, IEnumerable<ColumnStatsDocument> Columns);

/// <summary>The values of a column: sizes in bytes, and what there is of numbers, lengths and elements of arrays, counts by value and images.</summary>
internal sealed record ColumnStatsDocument(
    string Name,
    string Encoding,
    MomentsDocument Bytes,
    MomentsDocument? Values,
    MomentsDocument? Lengths,
    MomentsDocument? Elements,
    IReadOnlyDictionary<double, long>? Classes,
    ImagesDocument? Images);

/// <summary>What values are like.</summary>
internal sealed record MomentsDocument(long Count, double Mean, double Std, double Min, double Max)
{
    /// <summary>Makes it of moments.</summary>
    public static MomentsDocument Of(Moments moments) => new(moments.Count, moments.Mean, moments.Std, moments.Min, moments.Max);
}

/// <summary>Images: sizes in pixels, and the channels' values from 0 to 1.</summary>
internal sealed record ImagesDocument(
    MomentsDocument Width, MomentsDocument Height, IEnumerable<double> Mean, IEnumerable<double> Std, long Damaged);
