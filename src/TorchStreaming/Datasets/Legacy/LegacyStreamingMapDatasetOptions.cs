// SPDX-License-Identifier: MIT

using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>What a <see cref="LegacyStreamingMapDataset"/> reads, and how fields become tensors.</summary>
public sealed record LegacyStreamingMapDatasetOptions : LegacyStreamingDatasetOptions
{
    /// <summary>Gets what makes a tensor of each field; samples have these names only.</summary>
    /// <remarks>Mirrors <c>StreamingDataset(decoders=…)</c>, instead of <see cref="LegacyStreamingDatasetOptions.Decoders"/>.</remarks>
    public required IReadOnlyDictionary<string, TensorDecoder> TensorDecoders { get; init; }

    /// <summary>Gets what puts the samples of a batch together, on the loop's thread. It must not dispose its input.</summary>
    /// <value>The default is <see langword="null"/>: samples are stacked name by name.</value>
    public Func<IReadOnlyList<Dictionary<string, Tensor>>, Dictionary<string, Tensor>>? Collate { get; init; }
}
