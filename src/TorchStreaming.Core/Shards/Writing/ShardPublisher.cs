// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace TorchStreaming.Shards;

/// <summary>Writes and uploads full shards in the background, a bounded number at a time, and the index after all of them.</summary>
/// <remarks>One caller at a time. A shard holds one of the slots from the time it is handed on until its upload begins, so at most as many
/// finished files wait for their upload as there are slots.</remarks>
internal sealed class ShardPublisher : IAsyncDisposable
{
    private readonly OutputDirectory _directory;
    private readonly ShardUploader? _uploader;
    private readonly ShardFileWriter _files;
    private readonly ShardSchema _schema;
    private readonly DatasetWriterOptions _options;
    private readonly List<Task<ShardInfo>> _shards = [];
    private readonly SemaphoreSlim _slots;
    private readonly ConcurrentBag<ShardBuffer> _spare = [];
    private ExceptionDispatchInfo? _failure;
    private bool _isComplete;

    private ShardPublisher(string location, OutputDirectory directory, ShardUploader? uploader, ShardSchema schema, DatasetWriterOptions options)
    {
        Location = location;
        _directory = directory;
        _uploader = uploader;
        _schema = schema;
        _options = options;
        _files = new ShardFileWriter(directory, options.CompressionScheme, options.Hashes);
        _slots = new SemaphoreSlim(options.MaxConcurrentShards);
    }

    /// <summary>Gets where the dataset goes, free of secrets.</summary>
    public string Location { get; }

    /// <summary>Checks the options, makes the output directory and a publisher into it.</summary>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    /// <exception cref="StorageException">The output has a dataset already or cannot be written.</exception>
    public static async ValueTask<ShardPublisher> CreateAsync(
        DatasetOutput output, ShardSchema schema, DatasetWriterOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(output);
        options.Validate(nameof(options));
        _ = options.CompressionScheme?.Codec;
        cancellationToken.ThrowIfCancellationRequested();
        var directory = OutputDirectory.Create(output.Directory, options.ExistOk);
        var uploader = output.Store is null ? null : new ShardUploader(output, directory, options);
        var publisher = new ShardPublisher(output.ToString(), directory, uploader, schema, options);
        if (uploader is not null)
        {
            try
            {
                await uploader.PrepareAsync(options.ExistOk, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await publisher.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }

        return publisher;
    }

    /// <summary>Gets an empty buffer, one that a finished shard gave back if there is one.</summary>
    public ShardBuffer RentBuffer() => _spare.TryTake(out var buffer) ? buffer : new ShardBuffer();

    /// <summary>Waits until fewer than the allowed number of shards are being written. Each wait is followed by one
    /// <see cref="Enqueue"/>.</summary>
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
    public void Enqueue(ShardBuffer buffer, IReadOnlyList<RawShardFile> files) => _shards.Add(Task.Run(() => PublishAsync(buffer, files)));

    /// <summary>Waits for all shards and publishes the index.</summary>
    public async ValueTask<DatasetIndex> PublishIndexAsync(CancellationToken cancellationToken)
    {
        try
        {
            var shards = await Task.WhenAll(_shards).WaitAsync(cancellationToken).ConfigureAwait(false);
            var index = new DatasetIndex([.. shards]);
            _directory.WriteIndex(index);
            if (_uploader is not null)
            {
                await _uploader.UploadAsync(DatasetIndex.FileName, cancellationToken).ConfigureAwait(false);
            }

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
        if (!_isComplete)
        {
            _uploader?.Stop();
        }

        await ((Task)Task.WhenAll(_shards)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_isComplete && _uploader is not null)
        {
            await _uploader.RemoveUploadedAsync().ConfigureAwait(false);
        }

        if (!_isComplete || (_uploader is not null && !_options.KeepLocal))
        {
            _directory.RemoveEverything();
        }

        _slots.Dispose();
        if (_uploader is not null)
        {
            await _uploader.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<ShardInfo> PublishAsync(ShardBuffer buffer, IReadOnlyList<RawShardFile> files)
    {
        var holdsSlot = true;
        try
        {
            var shard = Write(buffer, files);
            if (_uploader is null)
            {
                return shard;
            }

            await _uploader.WaitAsync().ConfigureAwait(false);
            try
            {
                _slots.Release();
                holdsSlot = false;
                foreach (var file in shard.Files)
                {
                    await _uploader.UploadAsync(file.Stored.Basename).ConfigureAwait(false);
                }
            }
            finally
            {
                _uploader.Release();
            }

            return shard;
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            _uploader?.Stop();
            throw;
        }
        finally
        {
            if (holdsSlot)
            {
                _slots.Release();
            }
        }
    }

    private ShardInfo Write(ShardBuffer buffer, IReadOnlyList<RawShardFile> files)
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
                Compression = _options.CompressionScheme?.ToString(),
                Hashes = _options.Hashes,
                SizeLimit = _options.SizeLimitBytes,
            };
        }
        finally
        {
            buffer.Reset();
            _spare.Add(buffer);
        }
    }
}
