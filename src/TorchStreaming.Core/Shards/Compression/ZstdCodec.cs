// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Zstandard by the system's libzstd.</summary>
internal sealed class ZstdCodec : ICompressionCodec
{
    public const int DefaultLevel = 3;

    /// <summary>2²⁷ bytes, what level 22 uses; a frame that wants more memory is refused.</summary>
    public const int MaxWindowLog = 27;

    private static readonly ZstdCodec Instance = new();

    private ZstdCodec()
    {
    }

    /// <summary>Gets the codec, or <see langword="null"/> when the library is not on this machine.</summary>
    public static ZstdCodec? IfAvailable => LibZstd.IsAvailable ? Instance : null;

    /// <inheritdoc/>
    public string Name => "zstd";

    /// <inheritdoc/>
    public Stream OpenDecompressor(Stream compressed) => new ZstdDecompressionStream(compressed, MaxWindowLog);

    /// <inheritdoc/>
    public Stream OpenCompressor(Stream output, int? level, long? contentSize) =>
        new ZstdCompressionStream(output, level ?? DefaultLevel, contentSize);
}
