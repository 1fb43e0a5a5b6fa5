// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Where the bytes of a download go.</summary>
internal interface IDownloadTarget
{
    /// <summary>Hears what the store says about the object, before the first byte; throws to refuse it.</summary>
    void Begin(ObjectInfo info);

    /// <summary>Takes bytes. Every byte comes once; those of one part come in order, parts come at the same time from several
    /// threads.</summary>
    /// <param name="offset">The place of the first byte in the object.</param>
    /// <param name="bytes">The bytes.</param>
    void Write(long offset, ReadOnlySpan<byte> bytes);
}
