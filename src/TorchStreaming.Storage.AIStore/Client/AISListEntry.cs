// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>One line of a listing.</summary>
/// <param name="Name">The object's name; a member of an archive is named <c>archive/member</c>.</param>
/// <param name="Size">The size in bytes; 0 when the listing has no sizes.</param>
/// <param name="Flags">The cluster's flags.</param>
public sealed record AISListEntry(string Name, long Size, int Flags)
{
    /// <summary>Gets the checksum, if it was asked for.</summary>
    public string? Checksum { get; init; }

    /// <summary>Gets the version, if it was asked for.</summary>
    public string? Version { get; init; }

    /// <summary>Gets whether this is a member of an archive.</summary>
    public bool IsArchiveMember => (Flags & 128) != 0;

    /// <summary>Gets whether this is an archive.</summary>
    public bool IsArchive => (Flags & 512) != 0;

    /// <summary>Gets whether this is a folder rather than an object.</summary>
    public bool IsDirectory => (Flags & 256) != 0;

    /// <summary>Gets whether the cluster has the object, rather than only its backend.</summary>
    public bool IsPresent => (Flags & 64) != 0;

    /// <summary>Gets whether the entry is a copy or a misplaced object, as may be seen while a cluster rebalances.</summary>
    public bool IsMisplaced => (Flags & 31) != 0;
}
