// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming;

/// <summary>Writes Composer's first streaming format (2022), for programs that still read it; <see cref="MdsWriter"/> writes
/// today's.</summary>
/// <remarks>The directory becomes a dataset with <see cref="Finish"/>; a writer that is disposed without it removes what it wrote, while
/// upstream publishes what it has even after a failure. Not thread-safe. Mirrors
/// <c>composer.datasets.streaming.StreamingDatasetWriter</c>.</remarks>
public sealed class StreamingDatasetWriter : IDisposable
{
    private const int BufferLength = 1 << 17;

    private readonly string _directory;
    private readonly IReadOnlyList<string> _fields;
    private readonly long _shardSizeLimit;
    private readonly int? _level;
    private readonly LegacyIndexWriter _index;
    private readonly List<string> _files = [];
    private readonly ReadOnlyMemory<byte>[] _values;
    private Stream? _shard;
    private long _shardSamples;
    private long _shardBytes;
    private bool _isFinished;

    /// <summary>Creates the directory and the writer.</summary>
    /// <param name="dirname">The directory; made where it does not exist, and not looked into.</param>
    /// <param name="fields">The fields, in the order in which they are stored.</param>
    /// <param name="shardSizeLimit">The size in bytes that shards of more than one sample stay below.</param>
    /// <param name="compression"><see langword="null"/>, <c>gz</c> (level 6) or <c>gz:LEVEL</c>.</param>
    /// <exception cref="ArgumentException">A field occurs twice, the limit is not positive, or the level does not exist.</exception>
    /// <exception cref="NotSupportedException">The compression is not gzip.</exception>
    /// <exception cref="StorageException">The directory cannot be made.</exception>
    /// <remarks>Mirrors <c>StreamingDatasetWriter(dirname, fields, shard_size_limit, compression)</c>.</remarks>
    public StreamingDatasetWriter(string dirname, IReadOnlyList<string> fields, long shardSizeLimit = 1 << 24, string? compression = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(dirname);
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardSizeLimit);
        if (fields.Distinct().Count() != fields.Count)
        {
            throw new ArgumentException("A field occurs twice.", nameof(fields));
        }

        _level = LegacyCompression.ParseLevel(compression);
        _directory = Path.GetFullPath(dirname);
        _fields = [.. fields];
        _values = new ReadOnlyMemory<byte>[_fields.Count];
        _shardSizeLimit = shardSizeLimit;
        _index = new LegacyIndexWriter(_fields);
        Guard(_directory, () => Directory.CreateDirectory(_directory));
    }

    /// <summary>Gets the number of samples written so far.</summary>
    public long SampleCount => _index.SampleCount;

    /// <summary>Writes a sample.</summary>
    /// <param name="sample">The fields' bytes; other keys are passed over.</param>
    /// <exception cref="ArgumentException">A field is missing. The sample is not written.</exception>
    /// <exception cref="StorageException">A shard could not be written.</exception>
    public void WriteSample(IReadOnlyDictionary<string, byte[]> sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ThrowIfFinished();
        for (var i = 0; i < _values.Length; i++)
        {
            _values[i] = sample.TryGetValue(_fields[i], out var value) && value is not null
                ? value
                : throw new ArgumentException($"The sample has no value for the field '{_fields[i]}'.", nameof(sample));
        }

        Write();
    }

    /// <summary>Writes samples.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="progress">Is told the number of samples written by this call, about ten times a second and at the end.</param>
    /// <param name="total">The number of samples if it is known, passed on to <paramref name="progress"/>.</param>
    /// <exception cref="ArgumentException">A sample lacks a field. Those before it are written.</exception>
    /// <exception cref="StorageException">A shard could not be written.</exception>
    /// <remarks>Mirrors <c>write_samples(samples, use_tqdm, total)</c>.</remarks>
    public void WriteSamples(
        IEnumerable<IReadOnlyDictionary<string, byte[]>> samples, IProgress<(long Samples, long? Total)>? progress = null, long? total = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var interval = TimeSpan.FromMilliseconds(100);
        var written = 0L;
        var reported = TimeProvider.System.GetTimestamp();
        foreach (var sample in samples)
        {
            WriteSample(sample);
            written++;
            if (progress is not null && TimeProvider.System.GetElapsedTime(reported) >= interval)
            {
                progress.Report((written, total));
                reported = TimeProvider.System.GetTimestamp();
            }
        }

        progress?.Report((written, total));
    }

    /// <summary>Ends the last shard and writes the index, which makes the directory a dataset.</summary>
    /// <exception cref="InvalidOperationException">The dataset is finished already.</exception>
    /// <exception cref="StorageException">A file could not be written.</exception>
    public void Finish()
    {
        ThrowIfFinished();
        if (_shardSamples > 0)
        {
            Flush();
        }

        if (_level is not null)
        {
            using var marker = Create(LegacyIndex.CompressionFileName, compress: false);
            marker.Write("gz\n"u8);
        }

        using (var index = Create(LegacyIndex.FileName, compress: true))
        {
            Guard(_directory, () => _index.Write(index));
        }

        _isFinished = true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"StreamingDatasetWriter: {Counted.Of(SampleCount, "sample")} written to {_directory}";

    /// <summary>Ends the writer; without <see cref="Finish"/> the files written so far are removed.</summary>
    public void Dispose()
    {
        _shard?.Dispose();
        _shard = null;
        if (!_isFinished)
        {
            _isFinished = true;
            foreach (var file in _files)
            {
                Guard(file, () => File.Delete(file));
            }
        }
    }

    private void Write()
    {
        var size = sizeof(long) * (long)_values.Length + _values.Sum(static value => (long)value.Length);

        // Not only when there is something to flush: a first sample that reaches the limit comes after an empty shard, as in Composer.
        if (_shardSizeLimit <= _shardBytes + size)
        {
            Flush();
        }

        _shard ??= Create(LegacyIndex.NameShard(_index.ShardCount), compress: true);
        Guard(_directory, () => WriteValues(_shard));
        _index.AddSample(size);
        _shardSamples++;
        _shardBytes += size;
    }

    private void WriteValues(Stream shard)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var value in _values)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value.Length);
            shard.Write(number);
        }

        foreach (var value in _values)
        {
            shard.Write(value.Span);
        }
    }

    private void Flush()
    {
        _shard ??= Create(LegacyIndex.NameShard(_index.ShardCount), compress: true);
        Guard(_directory, _shard.Dispose);
        _shard = null;
        _index.AddShard(_shardSamples, _shardBytes);
        (_shardSamples, _shardBytes) = (0, 0);
    }

    /// <summary>Creates a file that must not exist yet.</summary>
    private Stream Create(string name, bool compress)
    {
        var path = Path.Combine(_directory, compress && _level is not null ? name + ".gz" : name);
        var file = Guard(path, () => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferLength));
        _files.Add(path);
        return compress && _level is { } level ? GzipCodec.OpenCompressor(file, level, leaveOpen: false) : file;
    }

    private void ThrowIfFinished()
    {
        if (_isFinished)
        {
            throw new InvalidOperationException("The dataset is finished; nothing can be added to it.");
        }
    }

    private static void Guard(string path, Action action) => Guard(path, () =>
    {
        action();
        return true;
    });

    private static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.ToStorageException(exception, path);
        }
    }
}
