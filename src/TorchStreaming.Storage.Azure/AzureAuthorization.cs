// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>What makes a request the caller's: a shared key, a signature in the address, a token, or nothing.</summary>
internal abstract class AzureAuthorization : IDisposable
{
    /// <summary>Gets whether requests go out unsigned; known after the first request.</summary>
    public virtual bool IsAnonymous => false;

    /// <summary>Adds the proof to a request that is otherwise complete.</summary>
    public abstract ValueTask AuthorizeAsync(HttpRequestMessage request, string location, CancellationToken cancellationToken);

    public virtual void Dispose()
    {
    }
}
