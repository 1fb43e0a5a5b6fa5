// SPDX-License-Identifier: MIT

using System.Net.Http.Headers;

namespace TorchStreaming.Storage;

/// <summary>What an answer to a read says about its bytes.</summary>
/// <param name="IsPartial">Whether the answer is a part (status 206).</param>
/// <param name="Length">The body's length.</param>
/// <param name="Served">The part of a partial answer.</param>
internal readonly record struct RangeReply(bool IsPartial, long? Length, ContentRangeHeaderValue? Served)
{
    public static RangeReply Of(HttpResponseMessage response) => new(
        response.StatusCode == System.Net.HttpStatusCode.PartialContent,
        response.Content.Headers.ContentLength,
        response.Content.Headers.ContentRange);
}
