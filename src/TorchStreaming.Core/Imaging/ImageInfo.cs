// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>What an image's header says.</summary>
/// <param name="Width">The width in pixels, orientation tags ignored.</param>
/// <param name="Height">The height in pixels, orientation tags ignored.</param>
/// <param name="Channels">The channels as stored: 1 gray, 3 color, 4 color with alpha or CMYK.</param>
internal readonly record struct ImageInfo(int Width, int Height, int Channels);
