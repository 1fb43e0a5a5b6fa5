// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>What a listing includes.</summary>
[Flags]
internal enum AISListFlags
{
    /// <summary>Everything.</summary>
    None = 0,

    /// <summary>Of remote buckets only what is in the cluster.</summary>
    CachedOnly = 1 << 0,

    /// <summary>Objects with missing or damaged copies too.</summary>
    IncludeMissing = 1 << 1,

    /// <summary>Objects that are being deleted too.</summary>
    IncludeDeleted = 1 << 2,

    /// <summary>The members of archives too, named <c>archive/member</c>.</summary>
    Archives = 1 << 3,

    /// <summary>Names alone, which is faster.</summary>
    NamesOnly = 1 << 4,

    /// <summary>Names and sizes alone, which is faster.</summary>
    NamesAndSizes = 1 << 5,

    /// <summary>Only if the bucket is in the cluster.</summary>
    BucketPresent = 1 << 6,

    /// <summary>Of remote buckets only what is not in the cluster.</summary>
    NotCached = 1 << 9,

    /// <summary>Not what is in deeper folders.</summary>
    NonRecursive = 1 << 11,
}
