// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>What is listed of a bucket.</summary>
public sealed record AISListOptions
{
    /// <summary>Gets what names start with; no pattern.</summary>
    /// <value>The default is empty: everything.</value>
    public string Prefix { get; init; } = "";

    /// <summary>Gets the names on a page.</summary>
    /// <value>The default is 0: as many as the backend gives.</value>
    public int PageSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>Gets the properties wanted, with commas between: <c>name</c>, <c>size</c>, <c>checksum</c>, <c>atime</c>, <c>version</c>,
    /// <c>location</c>, <c>custom</c>, <c>copies</c>, <c>cached</c>, <c>status</c>.</summary>
    /// <value>The default is <c>name,size</c>.</value>
    public string Properties { get; init; } = "name,size";

    /// <summary>Gets whether of remote buckets only what is in the cluster is listed.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool CachedOnly { get; init; }

    /// <summary>Gets whether of remote buckets only what is not in the cluster is listed.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool NotCached { get; init; }

    /// <summary>Gets whether objects with missing or damaged copies are listed too.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool IncludeMissing { get; init; }

    /// <summary>Gets whether objects that are being deleted are listed too.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool IncludeDeleted { get; init; }

    /// <summary>Gets whether the members of archives are listed too, named <c>archive/member</c>.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Archives { get; init; }

    /// <summary>Gets whether names alone are listed, which is faster.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool NamesOnly { get; init; }

    /// <summary>Gets whether names and sizes alone are listed, which is faster.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool NamesAndSizes { get; init; }

    /// <summary>Gets whether a bucket that is not in the cluster is an error.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool BucketPresent { get; init; }

    /// <summary>Gets whether what is in deeper folders is left out.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool NonRecursive { get; init; }

    /// <summary>Gets the flags as the cluster knows them.</summary>
    internal AISListFlags Flags =>
        (CachedOnly ? AISListFlags.CachedOnly : AISListFlags.None)
        | (NotCached ? AISListFlags.NotCached : AISListFlags.None)
        | (IncludeMissing ? AISListFlags.IncludeMissing : AISListFlags.None)
        | (IncludeDeleted ? AISListFlags.IncludeDeleted : AISListFlags.None)
        | (Archives ? AISListFlags.Archives : AISListFlags.None)
        | (NamesOnly ? AISListFlags.NamesOnly : AISListFlags.None)
        | (NamesAndSizes ? AISListFlags.NamesAndSizes : AISListFlags.None)
        | (BucketPresent ? AISListFlags.BucketPresent : AISListFlags.None)
        | (NonRecursive ? AISListFlags.NonRecursive : AISListFlags.None);

    /// <summary>Gets the name after which the listing starts; AIStore's own buckets only.</summary>
    /// <value>The default is empty: at the start.</value>
    public string StartAfter { get; init; } = "";

    /// <summary>Gets whether pages are asked for as JSON instead of the shorter MessagePack. Either is understood.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool PreferJson { get; init; }
}
