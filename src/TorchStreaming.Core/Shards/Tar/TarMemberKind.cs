// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>What a member of a tar is.</summary>
internal enum TarMemberKind
{
    /// <summary>A regular file. Only these have content and become part of samples.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A hard or symbolic link. Links are never followed.</summary>
    Link,

    /// <summary>Anything else: a device, a pipe, a volume's label, a kind that is not known. What it holds is passed over.</summary>
    Other,
}
