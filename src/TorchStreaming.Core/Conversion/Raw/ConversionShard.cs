// SPDX-License-Identifier: MIT

using System.Buffers;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>A shard in memory: encoded samples are added until it is full, then it is written. Used again after that.</summary>
internal sealed class ConversionShard
{
    private readonly ShardSchema _schema;
    private readonly DatasetWriterOptions _options;
    private readonly MdsShardLayout _layout;
    private readonly long _limit;
    private readonly ShardBuffer _buffer = new();
    private long _length;

    /// <summary>Creates an empty shard.</summary>
    /// <param name="schema">The columns.</param>
    /// <param name="options">Compression, hashes and size limit.</param>
    public ConversionShard(ShardSchema schema, DatasetWriterOptions options)
    {
        _schema = schema;
        _options = options;
        _layout = new MdsShardLayout(schema, options);
        _limit = options.SizeLimit?.Bytes ?? uint.MaxValue;
        _length = _layout.EmptyLength;
    }

    /// <summary>Gets the number of samples.</summary>
    public int Count => _buffer.SampleCount;

    /// <summary>Tells whether a sample still goes into this shard. An empty shard takes any, so that no shard is empty.</summary>
    /// <param name="bytes">The size of the encoded sample.</param>
    public bool Fits(int bytes) => Count == 0 || _length + sizeof(uint) + bytes <= _limit;

    /// <summary>Adds a sample.</summary>
    /// <param name="sample">The encoded sample.</param>
    public void Add(ReadOnlySpan<byte> sample)
    {
        _buffer.Write(sample);
        _buffer.CommitSample();
        _length += sizeof(uint) + sample.Length;
    }

    /// <summary>Forgets all samples and keeps the memory.</summary>
    public void Clear()
    {
        _buffer.Reset();
        _length = _layout.EmptyLength;
    }

    /// <summary>Hashes, compresses and writes the shard; when it returns the file is on the disk.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="number">The shard's number.</param>
    /// <returns>What the index says about the shard.</returns>
    /// <exception cref="StorageException">The file cannot be written.</exception>
    public ShardInfo Write(string directory, int number)
    {
        var writer = new ShardFileWriter(OutputDirectory.Continue(directory), _options.Compression, _options.Hashes);
        var file = writer.Write(_layout.LayOut(_buffer, number));
        var path = Path.Combine(directory, file.Stored.Basename);
        LocalFiles.Guard(path, () =>
        {
            using var handle = File.OpenHandle(path, access: FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(handle);
        });
        return new ShardInfo
        {
            Schema = _schema,
            SampleCount = Count,
            Files = [file],
            Compression = _options.Compression?.ToString(),
            Hashes = _options.Hashes,
            SizeLimit = _limit,
        };
    }
}
