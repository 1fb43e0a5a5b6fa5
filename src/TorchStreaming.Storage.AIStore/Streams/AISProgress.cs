// SPDX-License-Identifier: MIT

using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>How far a reader is.</summary>
/// <param name="Title">What is read, with the worker's label; for shards the shard's name.</param>
/// <param name="Done">How many objects, for shards samples, were given.</param>
public readonly record struct AISProgress(string Title, long Done);
