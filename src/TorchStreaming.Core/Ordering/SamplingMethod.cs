// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>How samples are chosen when an epoch takes a fraction of a stream.</summary>
/// <remarks>Mirrors <c>streaming.StreamingDataset(sampling_method=…)</c>.</remarks>
public enum SamplingMethod
{
    /// <summary>Every epoch chooses again. Mirrors <c>balanced</c>, the default.</summary>
    Balanced,

    /// <summary>Every epoch has the same samples. Mirrors <c>fixed</c>.</summary>
    Fixed,
}
