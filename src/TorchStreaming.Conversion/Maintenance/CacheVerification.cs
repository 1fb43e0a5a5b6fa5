// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Caching;

namespace TorchStreaming.Conversion;

/// <summary>What a check of cache directories found.</summary>
/// <param name="Streams">The streams looked at.</param>
/// <param name="Files">The files of shards looked at.</param>
/// <param name="Bytes">The bytes of these files.</param>
/// <param name="UnhashedFiles">Those of which only the size could be compared, since the index has no hash of them.</param>
/// <param name="Problems">What is wrong.</param>
internal sealed record CacheVerification(int Streams, int Files, long Bytes, int UnhashedFiles, ImmutableArray<CacheProblem> Problems)
{
    /// <summary>Gets whether every file that is left is what its index says.</summary>
    public bool IsValid => Problems.All(static problem => problem.IsRemoved);
}
