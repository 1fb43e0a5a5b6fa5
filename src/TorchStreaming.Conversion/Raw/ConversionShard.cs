// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>A shard in memory: encoded samples are added until it is full, then it is written. Used again after that.</summary>
internal sealed class ConversionShard
{
    private readonly ShardForm _form;
    private readonly DatasetWriterOptions _options;
    private readonly long _limit;
    private readonly ShardBuffer _buffer = new();
    private long _length;

    /// <summary>Creates an empty shard.</summary>
    /// <param name="form">The format.</param>
    /// <param name="options">Compression, hashes and size limit.</param>
    public ConversionShard(ShardForm form, DatasetWriterOptions options)
    {
        _form = form;
        _options = options;
        _limit = options.SizeLimit?.Bytes ?? uint.MaxValue;
        _length = form.EmptyLength;
    }

    /// <summary>Gets the number of samples.</summary>
    public int Count => _buffer.SampleCount;

    /// <summary>Tells whether a sample still goes into this shard. An empty shard takes any, so that no shard is empty.</summary>
    /// <param name="bytes">The size of the encoded sample.</param>
    public bool Fits(int bytes) =>
        Count == 0 || (Count < _form.MostSamples && _length + _form.SampleOverhead + bytes <= _limit);

    /// <summary>Adds a sample.</summary>
    /// <param name="sample">The encoded sample.</param>
    public void Add(ReadOnlySpan<byte> sample)
    {
        sample.CopyTo(_buffer.GetSpan(sample.Length));
        _buffer.Advance(sample.Length);
        _buffer.CommitSample();
        _length += _form.SampleOverhead + sample.Length;
    }

    /// <summary>Forgets all samples and keeps the memory.</summary>
    public void Clear()
    {
        _buffer.Reset();
        _length = _form.EmptyLength;
    }

    /// <summary>Hashes, compresses and writes the shard; when it returns the files are on the disk.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="number">The shard's number.</param>
    /// <returns>What the index says about the shard.</returns>
    /// <exception cref="StorageException">A file cannot be written.</exception>
    public ShardInfo Write(string directory, int number)
    {
        var writer = new ShardFileWriter(OutputDirectory.Continue(directory), _options.CompressionScheme, _options.Hashes);
        return new ShardInfo
        {
            Schema = _form.Schema,
            SampleCount = Count,
            Files = [.. _form.LayOut(_buffer, number).Select(file => Write(writer, file, directory))],
            Compression = _options.Compression,
            Hashes = _options.Hashes,
            SizeLimit = _limit,
        };
    }

    private static ShardFile Write(ShardFileWriter writer, RawShardFile raw, string directory)
    {
        var file = writer.Write(raw);
        var path = Path.Combine(directory, file.Stored.Basename);
        LocalFiles.Guard(path, () =>
        {
            using var handle = File.OpenHandle(path, access: FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(handle);
        });
        return file;
    }
}
