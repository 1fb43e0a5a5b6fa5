// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Turns one encoded sample into tensors, with any code.</summary>
/// <param name="sample">The encoded sample, a loan for the time of the call; see <see cref="SampleFieldValues"/> for its values.</param>
/// <param name="context">The sample's identity. Randomness that comes from here alone (see <see cref="SampleRandom"/>) is the same in
/// every run.</param>
/// <returns>A tensor for each name, without a batch dimension.</returns>
/// <remarks>It runs on the loader's threads, several at a time, inside a dispose scope and without gradients: what it makes on the way is
/// disposed for it. Tensors that it keeps elsewhere, in a cache say, stay its own if they were made outside the call or detached from the
/// scope.</remarks>
public delegate Dictionary<string, Tensor> SampleFunction(SampleFields sample, TransformContext context);
