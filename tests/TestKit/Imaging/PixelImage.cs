// SPDX-License-Identifier: MIT

using System.Security.Cryptography;

namespace TorchStreaming.TestKit;

/// <summary>An image as interleaved bytes without padding.</summary>
public sealed record PixelImage(int Width, int Height, int Channels, byte[] Pixels)
{
    /// <summary>Gets the lower-case SHA-256 of the pixels.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Pixels));
}
