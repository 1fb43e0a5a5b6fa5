// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>What a header block of a tar is.</summary>
internal enum TarBlock
{
    /// <summary>The end of the tar.</summary>
    End,

    /// <summary>An extended header, about the next member or all members after it; its content follows.</summary>
    Metadata,

    /// <summary>A member; its content follows.</summary>
    Member,
}
