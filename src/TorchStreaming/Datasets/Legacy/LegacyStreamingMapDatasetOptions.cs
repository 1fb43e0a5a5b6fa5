// SPDX-License-Identifier: MIT

using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>What a <see cref="LegacyStreamingMapDataset"/> reads, and how fields become tensors.</summary>
public sealed record LegacyStreamingMapDatasetOptions : LegacyStreamingDatasetOptions
{
    /// <summary>Gets what makes a tensor of each field; samples have these names only.</summary>
    /// <remarks>A decoder gets the field's bytes, a loan for the time of the call, and gives a tensor without a batch dimension. It runs on the
    /// loader's threads, several at a time, inside a dispose scope and without gradients. What it throws becomes a
    /// <see cref="SampleDecodeException"/> with the place. Mirrors <c>StreamingDataset(decoders=…)</c>, instead of <see cref="LegacyStreamingDatasetOptions.Decoders"/>.</remarks>
    public required IReadOnlyDictionary<string, Func<ReadOnlySpan<byte>, Tensor>> TensorDecoders { get; init; }

    /// <summary>Gets what puts the samples of a batch together, on the loop's thread. It must not dispose its input.</summary>
    /// <value>The default is <see langword="null"/>: samples are stacked name by name.</value>
    public Func<IReadOnlyList<Dictionary<string, Tensor>>, Dictionary<string, Tensor>>? Collate { get; init; }
}
