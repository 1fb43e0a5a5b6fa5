// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>A run of bytes of an object.</summary>
/// <param name="Offset">The first byte, 0 or more.</param>
/// <param name="Length">How many bytes, 1 or more; <see langword="null"/> for all that follow.</param>
public readonly record struct ByteRange(long Offset, long? Length = null);
