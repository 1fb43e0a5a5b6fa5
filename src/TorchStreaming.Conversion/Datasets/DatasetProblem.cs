// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>Something that <see cref="DatasetVerifier"/> found, or an item that a conversion left out.</summary>
/// <param name="File">The file, as the index names it; of a conversion its path below the source, with the place in it, as in
/// <c>c4.json.gz, line 7</c>.</param>
/// <param name="Sample">The sample's number in the whole dataset, or <see langword="null"/> when the file as such is meant.</param>
/// <param name="Column">The column, if one is meant.</param>
/// <param name="Problem">What is wrong.</param>
public sealed record DatasetProblem(string File, long? Sample, string? Column, string Problem);
