// SPDX-License-Identifier: MIT

using ICSharpCode.SharpZipLib.BZip2;

namespace TorchStreaming.Shards;

/// <summary>bzip2, by SharpZipLib.</summary>
internal sealed class Bzip2Codec : ICompressionCodec
{
    public static readonly Bzip2Codec Instance = new();

    private Bzip2Codec()
    {
    }

    /// <inheritdoc/>
    public string Name => "bz2";

    /// <inheritdoc/>
    public Stream OpenDecompressor(Stream compressed) =>
        new GuardedDecompressionStream(Name, () => new BZip2InputStream(compressed) { IsStreamOwner = false });

    /// <inheritdoc/>
    public Stream OpenCompressor(Stream output, int? level, long? contentSize) =>
        new BZip2OutputStream(output, level ?? 9) { IsStreamOwner = false };
}
