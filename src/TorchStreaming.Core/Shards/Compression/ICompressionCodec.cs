// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>One compression family. Instances are thread-safe; streams are not.</summary>
internal interface ICompressionCodec
{
    /// <summary>Gets upstream's family name, also the file extension: <c>zstd</c>, <c>gz</c>, <c>br</c>, …</summary>
    string Name { get; }

    /// <summary>Opens a stream that gives the decompressed bytes of <paramref name="compressed"/>.</summary>
    /// <param name="compressed">The compressed bytes; not disposed with the result.</param>
    /// <returns>The decompressed bytes. Damaged input gives an <see cref="InvalidDataException"/>; input that is cut off may
    /// also just end early (gzip and brotli of the base class library), which callers see because they know the size.</returns>
    Stream OpenDecompressor(Stream compressed);

    /// <summary>Opens a stream that compresses what is written to it into <paramref name="output"/>; disposing it ends the frame.</summary>
    /// <param name="output">Receives the compressed bytes; not disposed with the result.</param>
    /// <param name="level">The family's level, or <see langword="null"/> for upstream's default.</param>
    /// <param name="contentSize">The number of bytes that will be written, where known; some families record it.</param>
    /// <returns>The stream to write to.</returns>
    Stream OpenCompressor(Stream output, int? level, long? contentSize);
}
