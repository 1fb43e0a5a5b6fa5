// SPDX-License-Identifier: MIT

namespace TorchStreaming.Transforms;

/// <summary>What a transform may know about the sample it works on. Randomness comes from here alone, so that it depends on nothing but
/// the seed, the epoch and the sample.</summary>
/// <param name="Seed">The data set's shuffle seed.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="SampleId">The sample's number in the whole data set.</param>
public readonly record struct TransformContext(long Seed, long Epoch, long SampleId);
