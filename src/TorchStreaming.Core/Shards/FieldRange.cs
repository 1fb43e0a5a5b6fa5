// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Where a column's value is within a sample's bytes.</summary>
/// <param name="Offset">The first byte, counted from the sample's start.</param>
/// <param name="Length">The number of bytes.</param>
internal readonly record struct FieldRange(int Offset, int Length);
