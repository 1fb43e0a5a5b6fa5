// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>A run of positions within one unit.</summary>
/// <param name="Start">The first position.</param>
/// <param name="Length">The number of positions.</param>
/// <param name="Unit">The unit that the positions belong to.</param>
internal readonly record struct SampleSpan(long Start, int Length, int Unit);
