// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>One item of a read of many.</summary>
/// <param name="Object">The object.</param>
/// <param name="ArchivePath">The member wanted of an object that is an archive; <see langword="null"/> for the object itself.</param>
/// <param name="Range">The bytes wanted; <see langword="null"/> for all.</param>
public sealed record AISBatchItem(AISObject Object, string? ArchivePath = null, ByteRange? Range = null);
