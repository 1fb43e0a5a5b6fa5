// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>A library's way to encode JPEG at one quality; <see cref="JpegEncoder"/> checks the arguments. One thread at a time.</summary>
internal interface IJpegEncoding : IDisposable
{
    /// <summary>Encodes R, G, B row by row; what is returned is valid until the next call.</summary>
    ReadOnlySpan<byte> Encode(ReadOnlySpan<byte> pixels, int width, int height);
}
