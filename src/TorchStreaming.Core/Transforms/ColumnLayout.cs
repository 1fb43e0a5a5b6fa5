// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming;

/// <summary>How the values of a column are together in a batch.</summary>
public enum ColumnLayout : byte
{
    /// <summary>Every value has the same shape; the batch is one block of rows.</summary>
    Dense,

    /// <summary>Values differ in their first dimension; the batch is one block, padded to its longest value, with a length per
    /// row.</summary>
    Padded,

    /// <summary>Values differ freely and are not stacked; the batch holds one block per row.</summary>
    List,
}
