// SPDX-License-Identifier: MIT

namespace TorchStreaming;

/// <summary>What the datasets by name have in common: the engine's options, with the older defaults that MosaicML Streaming has for these
/// classes.</summary>
/// <remarks>The defaults that differ are <see cref="PartitionAlgorithm.Orig"/>, <see cref="ShuffleAlgorithm.Py1S"/> and a
/// <see cref="StreamingDatasetOptions.ShuffleBlockSize"/> of 262,144.</remarks>
public abstract record NamedDatasetOptions : StreamingDatasetOptions
{
    private protected NamedDatasetOptions()
    {
        PartitionAlgorithm = PartitionAlgorithm.Orig;
        ShuffleAlgorithm = ShuffleAlgorithm.Py1S;
        ShuffleBlockSize = 1 << 18;
    }
}
