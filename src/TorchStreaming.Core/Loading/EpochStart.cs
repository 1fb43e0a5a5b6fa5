// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming.Loading;

/// <summary>An epoch that is about to be walked.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Seed">The shuffle seed in force, which also keys the randomness of transforms.</param>
/// <param name="FirstSample">How many samples of the epoch all ranks had before, in an earlier run.</param>
/// <param name="BatchSize">The samples in a full batch.</param>
/// <param name="OpenCursor">Opens a walk over the rank's batches. The loop has one; what reads ahead of it has its own.</param>
internal sealed record EpochStart(long Epoch, long Seed, long FirstSample, int BatchSize, Func<BatchCursor> OpenCursor);
