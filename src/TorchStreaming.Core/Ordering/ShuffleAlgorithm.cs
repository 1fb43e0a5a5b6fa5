// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>How the samples of an epoch are shuffled.</summary>
/// <remarks>All but <see cref="Indexed"/> give exactly upstream's order. Mirrors
/// <c>streaming.StreamingDataset(shuffle_algo=…)</c>.</remarks>
public enum ShuffleAlgorithm
{
    /// <summary>Shards are shuffled, and every sample is shifted by a random distance of up to half a block: the best balance of
    /// randomness and shard reuse. Mirrors <c>py1e</c>, the default.</summary>
    /// <remarks>Needs memory for the shards and for about one block of samples.</remarks>
    Py1E,

    /// <summary>Shards are shuffled, and samples are shuffled within staggered blocks of random length. Mirrors <c>py1br</c>.</summary>
    /// <remarks>Needs memory for the shards and for about one block of samples per canonical node in use.</remarks>
    Py1BR,

    /// <summary>Shards are shuffled, and samples are shuffled within blocks of one length. Mirrors <c>py1b</c> of older releases.</summary>
    /// <remarks>Needs memory for the shards and for one block of samples per canonical node in use.</remarks>
    Py1B,

    /// <summary>Shards are shuffled, and samples are shuffled within each shard part. Mirrors <c>py1s</c>.</summary>
    /// <remarks>Needs memory for the shards and for one shard of samples per canonical node in use.</remarks>
    Py1S,

    /// <summary>Like <see cref="Py1S"/>, with samples shuffled once for the run and once more for the epoch. Mirrors <c>py2s</c>.</summary>
    /// <remarks>Needs memory for the shards and for two shards of samples per canonical node in use.</remarks>
    Py2S,

    /// <summary>All samples are shuffled without regard to shards. Mirrors <c>naive</c>.</summary>
    /// <remarks>Needs memory for all samples of the epoch: 4 bytes each, 8 from 2³² samples on.</remarks>
    Naive,

    /// <summary>Our own order: shards in random order, samples mixed within a window of shards, every position computed
    /// from a key. It needs the same small memory and starts and resumes at once at any size. Not known to upstream.</summary>
    Indexed,
}
