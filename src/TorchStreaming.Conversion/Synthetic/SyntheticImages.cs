// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Conversion;

/// <summary>What <see cref="SyntheticImageFolder"/> made.</summary>
/// <param name="Classes">The names of the classes in the order of their numbers, that is, sorted.</param>
/// <param name="Images">The number of images, those for validation included.</param>
/// <param name="Bytes">The size of all files.</param>
/// <param name="RawPixels">Whether the files hold raw pixels instead of JPEG.</param>
public sealed record SyntheticImages(ImmutableArray<string> Classes, int Images, long Bytes, bool RawPixels);
