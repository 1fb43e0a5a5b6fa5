// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>What tells one content of an index file from another.</summary>
/// <param name="Length">The file's size in bytes.</param>
/// <param name="Time">When it was last written, in ticks of UTC.</param>
/// <param name="Hash">The XXH64 of its bytes.</param>
internal readonly record struct IndexStamp(long Length, long Time, ulong Hash);
