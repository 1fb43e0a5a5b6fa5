// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>A folder of objects under one root: a directory, an HTTP path, a bucket prefix. An object store, not a file system: no cursor,
/// no append, every write is whole and atomic.</summary>
/// <remarks>Keys are relative to the root and use <c>/</c>. Every failure is a <see cref="StorageException"/>, also of reads from an open
/// content; cancellation is an <see cref="OperationCanceledException"/>; a text that is no <see cref="ObjectKey"/> is an
/// <see cref="ArgumentException"/>. A store makes one attempt: <see cref="RetryingObjectStore"/> adds the others. Thread-safe.</remarks>
public interface IObjectStore : IAsyncDisposable
{
    /// <summary>Gets the root for messages and logs, free of secrets.</summary>
    string Location { get; }

    /// <summary>Gets an object's facts.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The facts.</returns>
    /// <exception cref="StorageException">The object does not exist, or the store failed.</exception>
    ValueTask<ObjectInfo> GetInfoAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Opens an object, or a run of its bytes, for reading.</summary>
    /// <param name="key">The object.</param>
    /// <param name="range">The bytes wanted; <see langword="null"/> for all. A range that reaches beyond the end is cut there; one that
    /// starts at or beyond the end is an error of kind <see cref="StorageErrorKind.PreconditionFailed"/>.</param>
    /// <param name="ifMatch">The <see cref="ObjectInfo.ETag"/> that the object must still have; <see langword="null"/> for any.</param>
    /// <param name="cancellationToken">Ends the call and later reads of the content.</param>
    /// <returns>The open content, which the caller disposes.</returns>
    /// <exception cref="StorageException">The object does not exist or has changed, or the store failed.</exception>
    ValueTask<ObjectContent> OpenReadAsync(
        string key, ByteRange? range = null, string? ifMatch = null, CancellationToken cancellationToken = default);

    /// <summary>Writes a whole object, replacing what was there; readers see the old or the new content and nothing between.</summary>
    /// <param name="key">The object.</param>
    /// <param name="content">The bytes, read to the end; not disposed.</param>
    /// <param name="cancellationToken">Ends the call; nothing is published then.</param>
    /// <returns>A task that ends when the object is published.</returns>
    /// <exception cref="StorageException">The store failed or is read-only.</exception>
    ValueTask WriteAsync(string key, Stream content, CancellationToken cancellationToken = default);

    /// <summary>Lists the objects whose keys start with a prefix, in ordinal order of their keys.</summary>
    /// <param name="prefix">The prefix; empty for everything.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The objects.</returns>
    /// <exception cref="StorageException">The store failed or cannot list.</exception>
    IAsyncEnumerable<ObjectInfo> ListAsync(string prefix = "", CancellationToken cancellationToken = default);

    /// <summary>Deletes an object; one that does not exist is not an error.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task that ends when the object is gone.</returns>
    /// <exception cref="StorageException">The store failed or is read-only.</exception>
    ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default);
}
