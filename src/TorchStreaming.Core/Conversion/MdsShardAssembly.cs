// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Collects encoded samples in memory until they make a shard, then writes it. Used again for another shard after <see cref="Clear"/>.</summary>
internal sealed class MdsShardAssembly
{
    private readonly ShardSchema _schema;
    private readonly CompressionScheme? _compression;
    private readonly ImmutableArray<string> _hashes;
    private readonly long _sizeLimit;
    private readonly byte[] _header;
    private readonly List<int> _ends = [];
    private byte[] _samples = [];

    /// <summary>Creates an empty shard.</summary>
    public MdsShardAssembly(ShardSchema schema, CompressionScheme? compression, ImmutableArray<string> hashes, long sizeLimit)
    {
        (_schema, _compression, _hashes, _sizeLimit) = (schema, compression, hashes, sizeLimit);
        var header = new ArrayBufferWriter<byte>();
        IndexWriter.WriteConfiguration(schema, compression?.ToString(), hashes, sizeLimit, header);
        _header = header.WrittenSpan.ToArray();
    }

    /// <summary>Gets the number of samples.</summary>
    public int Count => _ends.Count;

    private int SampleBytes => _ends is [.., var end] ? end : 0;

    /// <summary>Gets the size of the uncompressed file so far: count, offsets, header, samples.</summary>
    private long RawBytes => PrefixBytes + SampleBytes;

    private int PrefixBytes => sizeof(uint) * (Count + 2) + _header.Length;

    /// <summary>Tells whether a sample still goes into this shard. An empty shard takes any, so that no shard is empty.</summary>
    public bool Fits(int bytes) => Count == 0 || RawBytes + sizeof(uint) + bytes <= _sizeLimit;

    /// <summary>Adds a sample.</summary>
    public void Add(ReadOnlySpan<byte> sample)
    {
        var start = SampleBytes;
        var end = checked(start + sample.Length);
        if (end > _samples.Length)
        {
            var grown = Math.Max(Math.Min(2L * _samples.Length, _sizeLimit), end);
            Array.Resize(ref _samples, checked((int)grown));
        }

        sample.CopyTo(_samples.AsSpan(start));
        _ends.Add(end);
    }

    /// <summary>Forgets all samples and keeps the memory.</summary>
    public void Clear() => _ends.Clear();

    /// <summary>Writes the shard's file, under another name until it is complete and on the disk.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="number">The shard's number.</param>
    /// <param name="cancellationToken">Ends the writing; nothing stays behind.</param>
    /// <returns>What the index says about the shard.</returns>
    /// <exception cref="StorageException">The file cannot be written.</exception>
    public ShardInfo Write(string directory, int number, CancellationToken cancellationToken)
    {
        var basename = string.Create(CultureInfo.InvariantCulture, $"shard.{number:D5}.{_schema.Format}");
        var raw = new ShardFileInfo(basename, RawBytes, HashRaw(cancellationToken));
        ShardFileInfo? zip = null;
        var path = Path.Combine(directory, _compression is null ? basename : $"{basename}.{_compression.Family}");
        var temporary = path + ".tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                if (_compression is null)
                {
                    CopyTo(file, cancellationToken);
                }
                else
                {
                    zip = Compress(file, Path.GetFileName(path), cancellationToken);
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            LocalFiles.DeleteQuietly(temporary);
            throw FileErrors.ToStorageException(exception, path);
        }
        catch (OperationCanceledException)
        {
            LocalFiles.DeleteQuietly(temporary);
            throw;
        }

        return new ShardInfo
        {
            Schema = _schema,
            SampleCount = Count,
            Files = [new ShardFile(raw, zip)],
            Compression = _compression?.ToString(),
            Hashes = _hashes,
            SizeLimit = _sizeLimit,
        };
    }

    private ShardFileInfo Compress(FileStream file, string basename, CancellationToken cancellationToken)
    {
        using var output = new HashingStream(file, _hashes);
        using (var compressor = _compression!.Codec.OpenCompressor(output, _compression.Level, RawBytes))
        {
            CopyTo(compressor, cancellationToken);
        }

        return new ShardFileInfo(basename, output.Length, output.GetHexDigests());
    }

    private FrozenDictionary<string, string> HashRaw(CancellationToken cancellationToken)
    {
        using var hashing = new HashingStream(Stream.Null, _hashes);
        CopyTo(hashing, cancellationToken);
        return hashing.GetHexDigests();
    }

    private void CopyTo(Stream output, CancellationToken cancellationToken)
    {
        const int Piece = 1 << 20;
        output.Write(CreatePrefix());
        for (var start = 0; start < SampleBytes; start += Piece)
        {
            cancellationToken.ThrowIfCancellationRequested();
            output.Write(_samples.AsSpan(start, Math.Min(Piece, SampleBytes - start)));
        }
    }

    private byte[] CreatePrefix()
    {
        var prefix = new byte[PrefixBytes];
        BinaryPrimitives.WriteInt32LittleEndian(prefix, Count);
        BinaryPrimitives.WriteInt32LittleEndian(prefix.AsSpan(sizeof(uint)), prefix.Length);
        for (var i = 0; i < Count; i++)
        {
            var offset = checked((uint)((long)prefix.Length + _ends[i]));
            BinaryPrimitives.WriteUInt32LittleEndian(prefix.AsSpan(sizeof(uint) * (i + 2)), offset);
        }

        _header.CopyTo(prefix.AsSpan(sizeof(uint) * (Count + 2)));
        return prefix;
    }
}
