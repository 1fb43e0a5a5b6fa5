// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>How thoroughly a dataset is verified.</summary>
internal sealed record DatasetVerifierOptions
{
    /// <summary>Gets whether all recorded hashes of all files are compared.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Hashes { get; init; }

    /// <summary>Gets whether every value is decoded through its column's encoding. Of JPEG files headers and markers are read, not
    /// pixels.</summary>
    /// <value>The default is <see langword="false"/>: only the places of values are checked.</value>
    public bool Decode { get; init; }

    /// <summary>Gets how many shards are worked on at a time. Each needs room in the temporary folder for its files, where they are
    /// compressed or not on this machine.</summary>
    /// <value>The default is the number of processors.</value>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Gets how many problems of one shard are kept; the rest is counted in a last one.</summary>
    /// <value>The default is 1000.</value>
    public int ProblemsPerShard { get; init; } = 1000;

    /// <summary>Gets the clock of the progress reports.</summary>
    /// <value>The default is the system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
