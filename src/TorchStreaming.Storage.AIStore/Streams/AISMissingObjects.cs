// SPDX-License-Identifier: MIT

using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>What to do with objects that a listing gave and that are gone when they are read.</summary>
public enum AISMissingObjects
{
    /// <summary>The read fails.</summary>
    Throw,

    /// <summary>They are left out.</summary>
    Skip,

    /// <summary>They are given with no bytes, as the reference's batched dataset does without a word.</summary>
    Empty,
}
