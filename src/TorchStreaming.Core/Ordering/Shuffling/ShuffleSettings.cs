// SPDX-License-Identifier: MIT

namespace TorchStreaming.Ordering;

/// <summary>What a shuffle is made from besides the samples.</summary>
/// <param name="Algorithm">The algorithm, or <see langword="null"/> for no shuffle.</param>
/// <param name="CanonicalNodes">The canonical nodes.</param>
/// <param name="RunSeed">The seed of what stays the same over the run.</param>
/// <param name="EpochSeed">The seed of what changes with every epoch.</param>
/// <param name="BlockSize">The block size.</param>
/// <param name="Window">How the shuffled samples will be read.</param>
internal sealed record ShuffleSettings(
    ShuffleAlgorithm? Algorithm, int CanonicalNodes, UInt128 RunSeed, UInt128 EpochSeed, long BlockSize, ReadWindow Window);
