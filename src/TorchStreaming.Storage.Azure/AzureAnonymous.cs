// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>Requests to public containers.</summary>
internal sealed class AzureAnonymous : AzureAuthorization
{
    public override bool IsAnonymous => true;

    public override ValueTask AuthorizeAsync(HttpRequestMessage request, string location, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;
}
