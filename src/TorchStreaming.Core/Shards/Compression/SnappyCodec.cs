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
        var content = SnappyBlock.Decompress(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        return new MemoryStream(content.Array!, content.Offset, content.Count, writable: false);
    }

    /// <inheritdoc/>
    public Stream OpenCompressor(Stream output, int? level, long? contentSize) => new SnappyCompressionStream(output, contentSize ?? 0);
}
