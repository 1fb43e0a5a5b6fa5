// SPDX-License-Identifier: MIT

namespace TorchStreaming.Loading;

/// <summary>What the threads that fill need to know about an epoch.</summary>
/// <param name="Schedule">Where chunks come from.</param>
/// <param name="Shards">Where samples are.</param>
/// <param name="Seed">The seed that transforms get.</param>
/// <param name="Epoch">The epoch that transforms get.</param>
/// <param name="ErrorPolicy">What happens with samples that fail.</param>
internal sealed record EpochWork(FillSchedule Schedule, ShardMap Shards, long Seed, long Epoch, SampleErrorPolicy ErrorPolicy);
