// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>A file, or a part of a file, that was left out.</summary>
/// <param name="Path">Its path below the source, and the place in the file, for example <c>c4.json.gz, line 7</c>.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record SkippedItem(string Path, string Reason);
