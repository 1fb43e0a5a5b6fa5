// SPDX-License-Identifier: MIT

using TorchStreaming.Caching;

namespace TorchStreaming.Conversion;

/// <summary>A file of a cache that is not what its index says.</summary>
/// <param name="Path">The file.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="IsRemoved">Whether it was deleted, so that it is fetched again when somebody needs it.</param>
internal sealed record CacheProblem(string Path, string Problem, bool IsRemoved);
