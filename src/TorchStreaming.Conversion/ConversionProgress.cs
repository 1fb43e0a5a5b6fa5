// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>How far a conversion is. Reports come at most ten times a second, never go back, and the last one is always made.</summary>
/// <param name="Done">The samples dealt with, skipped ones and those of an earlier, interrupted run included.</param>
/// <param name="Total">The samples there are, or 0 while nobody knows.</param>
/// <param name="Skipped">The samples left out because they are damaged or of another format.</param>
/// <param name="Bytes">The bytes written by this run.</param>
public readonly record struct ConversionProgress(long Done, long Total, long Skipped, long Bytes);
