// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;

namespace TorchStreaming;

/// <summary>What the loader does with a sample that cannot be read, decoded or transformed.</summary>
public enum SampleErrorPolicy : byte
{
    /// <summary>The epoch ends with the exception, at the batch that holds the sample.</summary>
    Throw,

    /// <summary>The sample is left out of its batch, counted and logged, until <see cref="BatchLoaderOptions.MaxSkippedFraction"/> is used
    /// up.</summary>
    Skip,
}
