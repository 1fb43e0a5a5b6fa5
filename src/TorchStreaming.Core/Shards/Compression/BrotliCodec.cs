// SPDX-License-Identifier: MIT

using System.IO.Compression;

namespace TorchStreaming.Shards;

/// <summary>The raw brotli stream.</summary>
internal sealed class BrotliCodec : ICompressionCodec
{
    public static readonly BrotliCodec Instance = new();

    /// <summary>RFC 7932: a window of 16 bits and a last, empty block.</summary>
    private static readonly byte[] Empty = [0x06];

    private BrotliCodec()
    {
    }

    /// <inheritdoc/>
    public string Name => "br";

    /// <inheritdoc/>
    public Stream OpenDecompressor(Stream compressed) =>
        new GuardedDecompressionStream(Name, () => new BrotliStream(compressed, CompressionMode.Decompress, leaveOpen: true));

    /// <inheritdoc/>
    public Stream OpenCompressor(Stream output, int? level, long? contentSize) => new EmptyAwareCompressionStream(
        () => new BrotliStream(output, new BrotliCompressionOptions { Quality = level ?? 11 }, leaveOpen: true), output, Empty);
}
