// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary>A value that is not text: an image, an array, bytes.</summary>
/// <param name="Kind">What it is, for people: <c>jpeg</c>, <c>float32 array</c>, <c>bytes</c>.</param>
/// <param name="Extension">The extension of a file with these bytes.</param>
/// <param name="Bytes">The bytes; of a raw image, the pixels.</param>
/// <param name="Shape">The size of an image as width and height, or the shape of an array; empty when there is none or it is not
/// known.</param>
internal sealed record Blob(string Kind, string Extension, ReadOnlyMemory<byte> Bytes, IReadOnlyList<long> Shape)
{
    /// <summary>Gets the raw image that <see cref="Bytes"/> are the pixels of, or <see langword="null"/>.</summary>
    public PilImage? Image { get; init; }

    /// <summary>Gets the array that <see cref="Bytes"/> are the elements of, or <see langword="null"/>.</summary>
    public NdArray? Array { get; init; }

    /// <summary>Gets what keeps an image from being decoded, or <see langword="null"/>.</summary>
    public string? Problem { get; init; }
}
