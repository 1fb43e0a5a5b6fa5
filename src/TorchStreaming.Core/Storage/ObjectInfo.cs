// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>What a store says about one object.</summary>
/// <param name="Key">The key, relative to the store's root, with <c>/</c> between its parts.</param>
/// <param name="Size">The size in bytes, or -1 when the store does not say.</param>
/// <param name="ETag">A tag that changes when the content changes, or <see langword="null"/> when the store has none.</param>
/// <param name="LastModified">When the object was last written, or <see langword="null"/> when the store does not say.</param>
public sealed record ObjectInfo(string Key, long Size, string? ETag = null, DateTimeOffset? LastModified = null);
