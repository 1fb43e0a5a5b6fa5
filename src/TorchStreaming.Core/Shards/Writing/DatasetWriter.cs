// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;

namespace TorchStreaming;

/// <summary>Writes samples into shards and, at the end, their index. Full shards are hashed, compressed and written while the next is
/// filled.</summary>
/// <remarks>Not thread-safe: one caller at a time. The dataset exists when <see cref="CompleteAsync"/> has ended; a writer that is
/// disposed without it removes what it wrote. Parallel writers each write a directory of their own, whose indexes are merged.</remarks>
public abstract class DatasetWriter : IAsyncDisposable
{
    private readonly ShardPublisher _publisher;
    private readonly bool _emptyLeadingShard;
    private readonly long? _sizeLimit;
    private readonly long _shardOverhead;
    private readonly int _sampleOverhead;
    private long _shardLength;
    private int _shardNumber;
    private bool _isCompleted;
    private bool _isDisposed;

    private protected DatasetWriter(
        ShardSchema schema, ShardPublisher publisher, DatasetWriterOptions options, long shardOverhead, int sampleOverhead)
    {
        Schema = schema;
        _publisher = publisher;
        _emptyLeadingShard = options.EmptyLeadingShard;
        _sizeLimit = options.SizeLimitBytes;
        _shardOverhead = shardOverhead;
        _sampleOverhead = sampleOverhead;
        _shardLength = shardOverhead;
        Buffer = publisher.RentBuffer();
    }

    /// <summary>Gets the columns, in the order of the format.</summary>
    public ShardSchema Schema { get; }

    /// <summary>Gets the number of samples written so far.</summary>
    public long SampleCount { get; private set; }

    /// <summary>Gets the buffer that takes the growing sample.</summary>
    private protected ShardBuffer Buffer { get; private set; }

    /// <summary>Gets how many samples a shard holds at most; <see langword="null"/> for as many as its size allows.</summary>
    private protected int? SampleLimit { get; init; }

    /// <summary>Writes a sample.</summary>
    /// <param name="sample">The values by column; other keys are passed over.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <returns>A task that ends when the sample is taken; most often at once, else when a full shard has been handed on.</returns>
    /// <exception cref="ArgumentException">A column is missing or has a value that its encoding cannot hold. The sample is not
    /// written.</exception>
    /// <exception cref="StorageException">A shard could not be written. The writer is of no more use.</exception>
    public ValueTask WriteAsync(IReadOnlyDictionary<string, object?> sample, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ThrowIfUnusable();
        Buffer.TruncateSample(0);
        EncodeSample(sample);
        return CommitSampleAsync(cancellationToken);
    }

    /// <summary>Writes the last shard, waits for all shards, and publishes the index.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The index.</returns>
    /// <exception cref="StorageException">A file could not be written; no index is published.</exception>
    public async ValueTask<DatasetIndex> CompleteAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable();
        Buffer.TruncateSample(0);
        if (Buffer.SampleCount > 0)
        {
            await _publisher.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
            Cut(_publisher.RentBuffer());
        }

        var index = await _publisher.PublishIndexAsync(cancellationToken).ConfigureAwait(false);
        _isCompleted = true;
        return index;
    }

    /// <summary>Says how much was written to where, for example <c>MdsWriter: 60 samples written to /data/train</c>.</summary>
    /// <returns>The line.</returns>
    public override string ToString() => $"{GetType().Name}: {Counted.Of(SampleCount, "sample")} written to {_publisher.Location}";

    /// <summary>Ends the writer; without <see cref="CompleteAsync"/> the files written so far are removed.</summary>
    /// <returns>A task that ends when nothing of the writer runs any more.</returns>
    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            await _publisher.DisposeAsync().ConfigureAwait(false);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Encodes a sample into <see cref="Buffer"/>.</summary>
    private protected abstract void EncodeSample(IReadOnlyDictionary<string, object?> sample);

    /// <summary>Lays out the raw files of a shard, in the order of <see cref="ShardInfo.Files"/>.</summary>
    private protected abstract IReadOnlyList<RawShardFile> LayOut(ShardBuffer buffer, int shard);

    /// <summary>Takes the sample in <see cref="Buffer"/> into the shard, or into the next one if it would exceed the limit.</summary>
    private protected ValueTask CommitSampleAsync(CancellationToken cancellationToken)
    {
        var length = Buffer.SampleLength + (long)_sampleOverhead;
        var mayCut = Buffer.SampleCount > 0 || (_shardNumber == 0 && _emptyLeadingShard);
        if (mayCut && (Buffer.SampleCount >= SampleLimit || (_sizeLimit is { } limit && _shardLength + length > limit)))
        {
            return CutAndCommitAsync(length, cancellationToken);
        }

        Commit(length);
        return ValueTask.CompletedTask;
    }

    /// <summary>Throws when the writer was ended or a shard could not be written.</summary>
    private protected void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isCompleted)
        {
            throw new InvalidOperationException("The dataset is complete; nothing can be added to it.");
        }

        _publisher.ThrowIfFailed();
    }

    /// <summary>Gets the value of a column.</summary>
    private protected static object? GetValue(IReadOnlyDictionary<string, object?> sample, ShardColumn column) =>
        sample.TryGetValue(column.Name, out var value)
            ? value
            : throw new ArgumentException($"The sample has no value for the column '{column.Name}'.", nameof(sample));

    private async ValueTask CutAndCommitAsync(long length, CancellationToken cancellationToken)
    {
        try
        {
            await _publisher.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Buffer.TruncateSample(0);
            throw;
        }

        var next = _publisher.RentBuffer();
        Buffer.MoveSampleTo(next);
        Cut(next);
        Commit(length);
    }

    /// <summary>Hands the full shard on and goes over to the next.</summary>
    private void Cut(ShardBuffer next)
    {
        var full = Buffer;
        Buffer = next;
        _shardLength = _shardOverhead;
        _publisher.Enqueue(full, LayOut(full, _shardNumber++));
    }

    private void Commit(long length)
    {
        if (_shardLength + length > uint.MaxValue)
        {
            Buffer.TruncateSample(0);
            throw new InvalidOperationException(
                $"Shard {_shardNumber} would exceed 4 GiB with this sample, more than its 32-bit offsets can address. Set a SizeLimit.");
        }

        Buffer.CommitSample();
        _shardLength += length;
        SampleCount++;
    }
}
