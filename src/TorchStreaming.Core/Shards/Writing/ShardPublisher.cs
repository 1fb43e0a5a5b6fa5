// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace TorchStreaming.Shards;

/// <summary>Writes full shards in the background, a bounded number at a time, and the index after all of them.</summary>
/// <remarks>One caller at a time.</remarks>
internal sealed class ShardPublisher : IAsyncDisposable
{
    private readonly OutputDirectory _output;
    private readonly ShardFileWriter _files;
    private readonly ShardSchema _schema;
    private readonly DatasetWriterOptions _options;
    private readonly List<Task<ShardInfo>> _shards = [];
    private readonly SemaphoreSlim _slots;
    private readonly ConcurrentBag<ShardBuffer> _spare = [];
    private ExceptionDispatchInfo? _failure;
    private bool _isComplete;

    private ShardPublisher(OutputDirectory output, ShardSchema schema, DatasetWriterOptions options)
    {
        _output = output;
        _schema = schema;
        _options = options;
        _files = new ShardFileWriter(output, options.Compression, options.Hashes);
        _slots = new SemaphoreSlim(options.MaxConcurrentShards);
    }

    /// <summary>Checks the options, makes the output directory and a publisher into it.</summary>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    /// <exception cref="NotSupportedException">There is no codec for the compression.</exception>
    /// <exception cref="StorageException">The directory is not empty or cannot be made.</exception>
    public static ShardPublisher Create(string directory, ShardSchema schema, DatasetWriterOptions options, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        options.Validate(nameof(options));
        _ = options.Compression?.Codec;
        cancellationToken.ThrowIfCancellationRequested();
        return new ShardPublisher(OutputDirectory.Create(directory, options.ExistOk), schema, options);
    }

    /// <summary>Gets an empty buffer, one that a finished shard gave back if there is one.</summary>
    public ShardBuffer RentBuffer() => _spare.TryTake(out var buffer) ? buffer : new ShardBuffer();

    /// <summary>Waits until fewer than the allowed number of shards are being written. Each wait is followed by one <see cref="Enqueue"/>.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (Volatile.Read(ref _failure) is { } failure)
        {
            _slots.Release();
            failure.Throw();
        }
    }

    /// <summary>Hands a full shard on.</summary>
    /// <param name="buffer">The samples; owned by the publisher from now on.</param>
    /// <param name="files">The files, which refer to the buffer.</param>
    public void Enqueue(ShardBuffer buffer, IReadOnlyList<RawShardFile> files) => _shards.Add(Task.Run(() => Publish(buffer, files)));

    /// <summary>Waits for all shards and writes the index.</summary>
    public async ValueTask<DatasetIndex> PublishIndexAsync(CancellationToken cancellationToken)
    {
        try
        {
            var shards = await Task.WhenAll(_shards).WaitAsync(cancellationToken).ConfigureAwait(false);
            var index = new DatasetIndex([.. shards]);
            _output.WriteIndex(index);
            _isComplete = true;
            return index;
        }
        catch (Exception) when (_failure is not null)
        {
            ThrowIfFailed();
            throw;
        }
    }

    /// <summary>Rethrows the first failure of a shard.</summary>
    public void ThrowIfFailed() => Volatile.Read(ref _failure)?.Throw();

    /// <summary>Waits for the shards that are being written and, unless the index was published, removes all files.</summary>
    public async ValueTask DisposeAsync()
    {
        await ((Task)Task.WhenAll(_shards)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_isComplete)
        {
            _output.RemoveEverything();
        }

        _slots.Dispose();
    }

    private ShardInfo Publish(ShardBuffer buffer, IReadOnlyList<RawShardFile> files)
    {
        try
        {
            // After a failure nothing more is published, so the rest of the queue is passed over.
            ThrowIfFailed();
            return new ShardInfo
            {
                Schema = _schema,
                SampleCount = buffer.SampleCount,
                Files = [.. files.Select(_files.Write)],
                Compression = _options.Compression?.ToString(),
                Hashes = _options.Hashes,
                SizeLimit = _options.SizeLimit is { Bytes: > 0 } limit ? limit.Bytes : null,
            };
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            throw;
        }
        finally
        {
            buffer.Reset();
            _spare.Add(buffer);
            _slots.Release();
        }
    }
}
