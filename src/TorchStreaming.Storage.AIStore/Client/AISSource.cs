// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Where a dataset's objects come from: an <see cref="AISBucket"/> or an <see cref="AISObjectGroup"/>.</summary>
/// <remarks>Thread-safe. Mirrors <c>aistore.sdk.AISSource</c>.</remarks>
public abstract class AISSource
{
    private protected AISSource(AISClient client) => Client = client;

    /// <summary>Gets the client that reads the source.</summary>
    public AISClient Client { get; }

    /// <summary>Lists all objects whose names start with a prefix, with their sizes.</summary>
    /// <param name="prefix">The prefix; empty for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The objects, in the source's order.</returns>
    /// <exception cref="StorageException">The listing failed.</exception>
    public abstract IAsyncEnumerable<AISObject> ListAllObjectsAsync(string prefix = "", CancellationToken cancellationToken = default);

    /// <summary>Lists the addresses of all objects whose names start with a prefix.</summary>
    /// <param name="prefix">The prefix; empty for all.</param>
    /// <param name="etlName">The transform to read them through; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The addresses, at the proxy.</returns>
    /// <exception cref="StorageException">The listing failed.</exception>
    public async IAsyncEnumerable<Uri> ListUrlsAsync(
        string prefix = "",
        string? etlName = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var item in ListAllObjectsAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            yield return item.GetUrl(etlName);
        }
    }

    /// <summary>Says what the source is.</summary>
    /// <returns>The text, free of secrets.</returns>
    public abstract override string ToString();
}
