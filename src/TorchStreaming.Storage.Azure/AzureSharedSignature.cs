// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>A shared access signature: a part of every request's query, readable by whoever sees the address.</summary>
internal sealed class AzureSharedSignature(string signature) : AzureAuthorization
{
    private readonly string _query = signature.TrimStart('?', '&');

    public override ValueTask AuthorizeAsync(HttpRequestMessage request, string location, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        if (uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback)
        {
            throw new StorageException(
                StorageErrorKind.PermissionDenied,
                location,
                $"'{location}' is not reached over https, and a signature is not sent over http.");
        }

        request.RequestUri = new Uri($"{uri.AbsoluteUri}{(uri.Query.Length == 0 ? '?' : '&')}{_query}");
        return ValueTask.CompletedTask;
    }
}
