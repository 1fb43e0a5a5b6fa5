// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Which of the requests that wait goes first. Among equals the object asked for first does.</summary>
internal enum TransferUrgency
{
    /// <summary>Single samples that a loop waits for.</summary>
    Samples,

    /// <summary>Whole files.</summary>
    File,
}
