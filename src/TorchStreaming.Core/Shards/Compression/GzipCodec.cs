// SPDX-License-Identifier: MIT

using System.IO.Compression;

namespace TorchStreaming.Shards;

/// <summary>The gzip container around deflate.</summary>
internal sealed class GzipCodec : ICompressionCodec
{
    public static readonly GzipCodec Instance = new();

    /// <summary>RFC 1952: a header without a name or time, a final block of nothing, checksum 0, length 0.</summary>
    private static readonly byte[] Empty = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private GzipCodec()
    {
    }

    /// <inheritdoc/>
    public string Name => "gz";

    /// <inheritdoc/>
    public Stream OpenDecompressor(Stream compressed) =>
        new GuardedDecompressionStream(Name, () => new GZipStream(new GzipInputStream(compressed), CompressionMode.Decompress));

    /// <inheritdoc/>
    public Stream OpenCompressor(Stream output, int? level, long? contentSize) => OpenCompressor(output, level ?? 9, leaveOpen: true);

    /// <summary>Opens a stream that compresses what is written to it.</summary>
    public static Stream OpenCompressor(Stream output, int level, bool leaveOpen) => new EmptyAwareCompressionStream(
        () => new GZipStream(output, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true), output, Empty, leaveOpen);
}
