// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>The files of one sample in a tar of img2dataset.</summary>
/// <param name="File">The path of the tar.</param>
/// <param name="Key">What the names of its files begin with.</param>
internal sealed record LaionSample(string File, string Key) : RawPart(File)
{
    /// <summary>Gets the image, or <see langword="null"/> when it is missing.</summary>
    public byte[]? Jpg { get; set; }

    /// <summary>Gets what is known about it, or <see langword="null"/> when it is missing.</summary>
    public byte[]? Json { get; set; }

    /// <summary>Gets the caption, or <see langword="null"/> when there is no file of it.</summary>
    public byte[]? Txt { get; set; }
}
