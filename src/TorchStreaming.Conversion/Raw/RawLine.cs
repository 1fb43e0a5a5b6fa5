// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>A piece of a text file.</summary>
/// <param name="File">The path of the file.</param>
/// <param name="Number">The number of its first line, from 1.</param>
/// <param name="Bytes">The bytes, without the end of the line.</param>
internal sealed record RawLine(string File, long Number, ReadOnlyMemory<byte> Bytes) : RawPart(File);
