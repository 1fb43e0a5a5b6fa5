// SPDX-License-Identifier: MIT

using TorchStreaming.Loading;

namespace TorchStreaming;

/// <summary>What a loader or a conversion does with a sample that cannot be read, decoded or transformed.</summary>
public enum SampleErrorPolicy : byte
{
    /// <summary>The epoch ends with the exception, at the batch that holds the sample. A conversion stops, names the file, and can be
    /// continued when the file has been repaired.</summary>
    Throw,

    /// <summary>The sample is left out of its batch, counted and logged, until <see cref="BatchLoaderOptions.MaxSkippedFraction"/> is used
    /// up; by a conversion counted and named in the result.</summary>
    Skip,
}
