// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>What a transform may know about the sample it works on. Randomness comes from here alone, so that it depends on nothing but
/// the seed, the epoch and the sample.</summary>
/// <param name="Seed">The dataset's shuffle seed.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="SampleId">The sample's number in the whole dataset.</param>
public readonly record struct TransformContext(long Seed, long Epoch, long SampleId)
{
    /// <summary>Gets what tells a long transform, one that waits for a download or a program, that nobody needs its result any more: the
    /// epoch is being stopped. A transform may end by an <see cref="OperationCanceledException"/> then.</summary>
    /// <value>The default is a token that is never canceled.</value>
    public CancellationToken Stopping { get; init; }
}
