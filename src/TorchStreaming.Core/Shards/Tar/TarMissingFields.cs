// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>What to do with samples of a tar that lack a field which others have.</summary>
public enum TarMissingFields
{
    /// <summary>The field has no bytes. A decoder that needs some fails with the sample's place.</summary>
    Empty,

    /// <summary>Opening the stream fails and names the first such sample.</summary>
    Throw,

    /// <summary>Such samples are left out.</summary>
    Skip,
}
