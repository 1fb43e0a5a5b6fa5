// SPDX-License-Identifier: MIT

using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Makes a tensor of the bytes of a field.</summary>
/// <param name="bytes">The field, a loan for the time of the call.</param>
/// <returns>The tensor, without a batch dimension.</returns>
/// <remarks>It runs on the loader's threads, several at a time, inside a dispose scope and without gradients. What it throws becomes a
/// <see cref="SampleDecodeException"/> with the place.</remarks>
public delegate Tensor TensorDecoder(ReadOnlySpan<byte> bytes);
