// SPDX-License-Identifier: MIT

using System.Collections.Immutable;

namespace TorchStreaming.Shards;

/// <summary>Hashes, compresses and writes the files of shards. Thread-safe.</summary>
internal sealed class ShardFileWriter
{
    private readonly OutputDirectory _output;
    private readonly CompressionScheme? _compression;
    private readonly ICompressionCodec? _codec;
    private readonly ImmutableArray<string> _hashes;

    /// <summary>Creates the writer.</summary>
    public ShardFileWriter(OutputDirectory output, CompressionScheme? compression, ImmutableArray<string> hashes)
    {
        _output = output;
        _compression = compression;
        _codec = compression?.Codec;
        _hashes = hashes;
    }

    /// <summary>Writes a file in the form in which it is stored.</summary>
    /// <param name="file">The raw file.</param>
    /// <returns>What the index says about it.</returns>
    public ShardFile Write(RawShardFile file)
    {
        if (_codec is null)
        {
            return new ShardFile(WriteStored(file.Basename, stream => WriteSegments(file, stream)), null);
        }

        using var rawHashes = new RunningHashes(_hashes);
        foreach (var segment in file.Segments)
        {
            rawHashes.Append(segment.Span);
        }

        var zip = WriteStored($"{file.Basename}.{_codec.Name}", stream =>
        {
            using var compressor = _codec.OpenCompressor(stream, _compression!.Level, file.Length);
            WriteSegments(file, compressor);
        });
        return new ShardFile(new ShardFileInfo(file.Basename, file.Length, rawHashes.GetDigests()), zip);
    }

    private ShardFileInfo WriteStored(string basename, Action<Stream> write)
    {
        using var hashes = new RunningHashes(_hashes);
        var length = 0L;
        _output.WriteFile(basename, file =>
        {
            using var stream = new HashingStream(file, hashes);
            write(stream);
            length = stream.Length;
        });
        return new ShardFileInfo(basename, length, hashes.GetDigests());
    }

    private static void WriteSegments(RawShardFile file, Stream stream)
    {
        foreach (var segment in file.Segments)
        {
            stream.Write(segment.Span);
        }
    }
}
