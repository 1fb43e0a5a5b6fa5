// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>What a conversion made.</summary>
public sealed class RawConversion
{
    /// <summary>Gets the folder that holds the dataset.</summary>
    public required string Directory { get; init; }

    /// <summary>Gets the index that was published.</summary>
    public required DatasetIndex Index { get; init; }

    /// <summary>Gets the names of the classes, in the order of their numbers; empty where there are none.</summary>
    public required ImmutableArray<string> Classes { get; init; }

    /// <summary>Gets what was left out, in the order of the samples.</summary>
    public required ImmutableArray<DatasetProblem> Skipped { get; init; }

    /// <summary>Gets how many samples an earlier, interrupted run had already dealt with.</summary>
    public required long Resumed { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Directory}: {Index}{(Skipped.IsEmpty ? "" : $", {Skipped.Length} skipped")}";
}
