// SPDX-License-Identifier: MIT

using System.IO.Compression;

namespace TorchStreaming.Shards;

/// <summary>The gzip container around deflate.</summary>
internal sealed class GzipCodec : ICompressionCodec
{
    public static readonly GzipCodec Instance = new();

    private GzipCodec()
    {
    }

    /// <inheritdoc/>
    public string Name => "gz";

    /// <inheritdoc/>
    public Stream OpenDecompressor(Stream compressed) =>
        new GuardedDecompressionStream(Name, () => new GZipStream(compressed, CompressionMode.Decompress, leaveOpen: true));

    /// <inheritdoc/>
    public Stream OpenCompressor(Stream output, int? level, long? contentSize) =>
        new GZipStream(output, new ZLibCompressionOptions { CompressionLevel = level ?? 9 }, leaveOpen: true);
}
