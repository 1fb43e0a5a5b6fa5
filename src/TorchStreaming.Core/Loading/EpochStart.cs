// SPDX-License-Identifier: MIT

using TorchStreaming.Ordering;

namespace TorchStreaming.Loading;

/// <summary>An epoch that is about to be walked.</summary>
/// <param name="Cursor">The rank's batches.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Seed">The shuffle seed in force, which also keys the randomness of transforms.</param>
/// <param name="FirstSample">How many samples of the epoch all ranks had before, in an earlier run.</param>
internal sealed record EpochStart(BatchCursor Cursor, long Epoch, long Seed, long FirstSample)
{
    /// <summary>Gets the same batches once more, to be read ahead for the cache budget, or <see langword="null"/> without one.</summary>
    public BatchCursor? Preview { get; init; }

    /// <summary>Gets what opens the same batches again for whoever else reads ahead, or <see langword="null"/> when nothing does.</summary>
    public Func<BatchCursor>? OpenCursor { get; init; }
}
