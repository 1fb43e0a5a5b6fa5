// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Snappy's raw block format, which holds its whole content in one block and so works in memory.</summary>
internal sealed class SnappyCodec : ICompressionCodec
{
    public static readonly SnappyCodec Instance = new();

    private SnappyCodec()
    {
    }

    /// <inheritdoc/>
    public string Name => "snappy";

    /// <inheritdoc/>
    public Stream OpenDecompressor(Stream compressed)
    {
        using var buffer = new MemoryStream();
        compressed.CopyTo(buffer);
        return new MemoryStream(SnappyDecoder.Decode(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)), writable: false);
    }

    /// <inheritdoc/>
    public Stream OpenCompressor(Stream output, int? level, long? contentSize) => new SnappyCompressionStream(output, contentSize ?? 0);
}
