// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>A record of a TFRecord file.</summary>
/// <param name="File">The path of the file.</param>
/// <param name="Number">Its number in the file, from 0.</param>
/// <param name="Bytes">The bytes.</param>
internal sealed record TfRecord(string File, long Number, ReadOnlyMemory<byte> Bytes) : RawPart(File);
