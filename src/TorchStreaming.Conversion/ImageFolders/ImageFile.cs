// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>One labeled file of an image folder.</summary>
/// <param name="Path">The path below the folder, with <c>/</c> between its parts; the first part is the class.</param>
/// <param name="Label">The number of the class.</param>
/// <param name="Bytes">The size of the file when the folder was listed.</param>
internal readonly record struct ImageFile(string Path, int Label, long Bytes);
