// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>A piece of a file that is read from front to back.</summary>
/// <param name="File">The path of the file.</param>
internal abstract record RawPart(string File);
