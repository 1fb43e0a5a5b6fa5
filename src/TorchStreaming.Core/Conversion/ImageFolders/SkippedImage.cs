// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>A file that was left out.</summary>
/// <param name="Path">Its path below the image folder.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record SkippedImage(string Path, string Reason);
