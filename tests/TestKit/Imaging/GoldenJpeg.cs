// SPDX-License-Identifier: MIT

namespace TorchStreaming.TestKit;

/// <summary>A JPEG file, and the mode, size and pixels that Pillow decodes it to.</summary>
public sealed record GoldenJpeg(string Name, byte[] Encoded, string Mode, int Width, int Height, string DecodedSha256);
