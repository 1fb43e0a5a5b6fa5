// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>One request of the store, whatever number of redirects it takes.</summary>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Uri">The object's URL, secrets included.</param>
/// <param name="Location">The object's URL for messages.</param>
/// <param name="Range">The bytes wanted.</param>
/// <param name="IfMatch">The tag that the object must have.</param>
internal sealed record HttpRequest(HttpMethod Method, Uri Uri, string Location, ByteRange? Range = null, string? IfMatch = null);
