// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Conversion;

/// <summary>A sample with a video, taken out of its shard.</summary>
/// <param name="File">The name of the shard.</param>
/// <param name="Fields">The encoded values, in the order of the shard's columns.</param>
internal sealed record VideoSample(string File, ImmutableArray<ReadOnlyMemory<byte>> Fields) : RawPart(File);
