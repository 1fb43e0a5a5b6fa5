// SPDX-License-Identifier: MIT

namespace TorchStreaming.Storage;

/// <summary>One call of the cluster, from which each leg's message is made again.</summary>
/// <param name="Method">The verb, the same on every leg.</param>
/// <param name="Path">The escaped path from <c>/v1</c> on.</param>
/// <param name="Query">The query without its question mark.</param>
/// <param name="What">What is tried, for messages, as in "read".</param>
/// <param name="Location">What is concerned, for messages.</param>
internal sealed record AISRequest(HttpMethod Method, string Path, string Query, string What, string Location)
{
    /// <summary>Gets what makes the body of a leg.</summary>
    public Func<HttpContent>? Body { get; init; }

    /// <summary>Gets whether the body belongs to the target, so that it is sent only when asked for.</summary>
    public bool ExpectContinue { get; init; }

    /// <summary>Gets the value of <c>Accept</c>.</summary>
    public string? Accept { get; init; }

    /// <summary>Gets the bytes asked for.</summary>
    public ByteRange? Range { get; init; }

    /// <summary>Gets whether the path of a redirect is taken too: multi-object reads continue elsewhere.</summary>
    public bool FollowsPath { get; init; }

    /// <summary>Gets whether a transform is asked for, whose server a target may name.</summary>
    public bool HasTransform { get; init; }

    /// <summary>Gets whether a target that lacks the object is trusted only the second time: it may have moved meanwhile.</summary>
    public bool AsksTwice { get; init; }

    /// <summary>Makes a leg's message.</summary>
    /// <param name="uri">Where to.</param>
    /// <param name="token">The token; null for none.</param>
    public HttpRequestMessage ToMessage(Uri uri, string? token)
    {
        var message = new HttpRequestMessage(Method, uri) { Content = Body?.Invoke() };
        message.Headers.UserAgent.ParseAdd("torchstreaming");
        message.Headers.ExpectContinue = ExpectContinue;
        if (Accept is not null)
        {
            message.Headers.Accept.ParseAdd(Accept);
        }

        if (Range is { } range)
        {
            message.Headers.TryAddWithoutValidation("Range", CloudHttp.HeaderOf(range));
        }

        if (token is not null)
        {
            message.Headers.Authorization = new("Bearer", token);
        }

        return message;
    }
}
