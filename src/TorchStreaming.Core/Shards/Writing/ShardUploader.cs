// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using TorchStreaming.Storage;

namespace TorchStreaming.Shards;

/// <summary>Copies finished files from the output directory into a store, a bounded number at a time. Thread-safe.</summary>
internal sealed class ShardUploader : IAsyncDisposable
{
    private readonly IObjectStore _store;
    private readonly bool _ownsStore;
    private readonly OutputDirectory _directory;
    private readonly bool _keepLocal;
    private readonly SemaphoreSlim _permits;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<string> _begun = [];

    public ShardUploader(DatasetOutput output, OutputDirectory directory, DatasetWriterOptions options)
    {
        _store = output.Store!;
        _ownsStore = output.OwnsStore;
        _directory = directory;
        _keepLocal = options.KeepLocal;
        _permits = new SemaphoreSlim(options.MaxConcurrentUploads);
    }

    /// <summary>Makes sure that the store has no dataset yet, or takes the old one's index away, so that nobody reads a mixture.</summary>
    /// <exception cref="StorageException">The store has a dataset already, or failed.</exception>
    public async ValueTask PrepareAsync(bool existOk, CancellationToken cancellationToken)
    {
        if (existOk)
        {
            await _store.DeleteAsync(DatasetIndex.FileName, cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await _store.GetInfoAsync(DatasetIndex.FileName, cancellationToken).ConfigureAwait(false);
        }
        catch (StorageException exception) when (exception.Kind == StorageErrorKind.NotFound)
        {
            return;
        }

        throw new StorageException(
            StorageErrorKind.PreconditionFailed,
            _store.Location,
            $"'{_store.Location}' holds a dataset already. Write elsewhere, or set ExistOk to have it replaced.");
    }

    /// <summary>Waits for the right to upload; given back by <see cref="Release"/>.</summary>
    public Task WaitAsync() => _permits.WaitAsync(_stop.Token);

    /// <summary>Gives the right to upload back.</summary>
    public void Release() => _permits.Release();

    /// <summary>Uploads a file and deletes it locally unless it is to be kept.</summary>
    /// <param name="basename">The file.</param>
    /// <param name="cancellationToken">Ends the upload, as <see cref="Stop"/> does.</param>
    public async Task UploadAsync(string basename, CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancellationToken);
        _begun.Add(basename);
        var content = _directory.OpenFile(basename);
        await using (content.ConfigureAwait(false))
        {
            await _store.WriteAsync(basename, content, stop.Token).ConfigureAwait(false);
        }

        if (!_keepLocal)
        {
            _directory.DeleteFile(basename);
        }
    }

    /// <summary>Ends uploads that are in progress.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Deletes what was uploaded, as far as the store lets it.</summary>
    public async ValueTask RemoveUploadedAsync()
    {
        foreach (var basename in _begun)
        {
            try
            {
                await _store.DeleteAsync(basename, CancellationToken.None).ConfigureAwait(false);
            }
            catch (StorageException)
            {
                // What cannot be deleted stays; without an index it is not a dataset.
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _permits.Dispose();
        _stop.Dispose();
        if (_ownsStore)
        {
            await _store.DisposeAsync().ConfigureAwait(false);
        }
    }
}
