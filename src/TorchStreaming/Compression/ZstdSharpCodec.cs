// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;
using ZstdSharp;

namespace TorchStreaming.Compression;

/// <summary>zstd without a native library, by ZstdSharp.Port. Used where the system has no libzstd; <see cref="PortableCodecs"/>
/// registers it.</summary>
/// <remarks>Thread-safe. About 0.8 times as fast as libzstd once compiled.</remarks>
public sealed class ZstdSharpCodec : ICompressionCodec
{
    private const int DefaultLevel = 3;

    private ZstdSharpCodec()
    {
    }

    /// <summary>Gets the one instance.</summary>
    public static ZstdSharpCodec Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "zstd";

    /// <inheritdoc/>
    public Stream OpenDecompressor(Stream compressed)
    {
        ArgumentNullException.ThrowIfNull(compressed);
        return new ZstdSharpDecompressorStream(compressed);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The level is not from 1 to 22.</exception>
    public Stream OpenCompressor(Stream output, int? level, long? contentSize)
    {
        ArgumentNullException.ThrowIfNull(output);
        var chosen = level ?? DefaultLevel;
        ArgumentOutOfRangeException.ThrowIfLessThan(chosen, 1, nameof(level));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chosen, Compressor.MaxCompressionLevel, nameof(level));
        var compressor = new Compressor(chosen);
        if (contentSize is { } size)
        {
            compressor.SetPledgedSrcSize(checked((ulong)size));
        }

        return new CompressionStream(output, compressor, preserveCompressor: false, leaveOpen: true);
    }
}
