// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>Writes one value of a column into its row of the batch.</summary>
/// <param name="value">The encoded value, a loan for the time of the call.</param>
/// <param name="context">The sample's identity, for randomness; see <see cref="SampleRandom"/>.</param>
/// <param name="target">Where the value goes.</param>
public delegate void ColumnWriter(ReadOnlySpan<byte> value, in TransformContext context, in ColumnTarget target);
