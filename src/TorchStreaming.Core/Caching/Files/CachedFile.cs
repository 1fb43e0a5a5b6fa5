// SPDX-License-Identifier: MIT

namespace TorchStreaming.Caching;

/// <summary>A file of the cache directory.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Changed">Its time of change, in UTC.</param>
internal readonly record struct CachedFile(long Bytes, DateTime Changed);
