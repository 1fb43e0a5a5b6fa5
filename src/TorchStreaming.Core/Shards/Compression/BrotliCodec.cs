// SPDX-License-Identifier: MIT

using System.IO.Compression;

namespace TorchStreaming.Shards;

/// <summary>The raw brotli stream.</summary>
internal sealed class BrotliCodec : ICompressionCodec
{
    public static readonly BrotliCodec Instance = new();

    private BrotliCodec()
    {
    }

    /// <inheritdoc/>
    public string Name => "br";

    /// <inheritdoc/>
    public Stream OpenDecompressor(Stream compressed) =>
        new GuardedDecompressionStream(Name, () => new BrotliStream(compressed, CompressionMode.Decompress, leaveOpen: true));

    /// <inheritdoc/>
    public Stream OpenCompressor(Stream output, int? level, long? contentSize) =>
        new BrotliStream(output, new BrotliCompressionOptions { Quality = level ?? 11 }, leaveOpen: true);
}
