// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace TorchStreaming.Storage;

/// <summary>One write to a bucket: a simple upload, or a resumable one whose parts follow each other.</summary>
internal sealed class GoogleCloudUpload : PartedUpload<bool>
{
    private readonly GoogleCloudRequests _requests;
    private readonly string _key;
    private readonly int _partSize;
    private Uri? _session;
    private bool _isComplete;

    public GoogleCloudUpload(GoogleCloudRequests requests, string key, string location, int partSize)
        : base(location, partSize, partSize, int.MaxValue, concurrency: 1)
    {
        _requests = requests;
        _key = key;
        _partSize = partSize;
    }

    protected override async Task SendWholeAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _requests.UploadUri("media", _key)) { Content = BodyOf(content) };
        using var response = await _requests.SendAsync(request, "write", Location, cancellationToken).ConfigureAwait(false);
        ThrowUnlessDone(response);
    }

    protected override async Task BeginAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _requests.UploadUri("resumable", _key));
        request.Headers.TryAddWithoutValidation("X-Upload-Content-Type", "application/octet-stream");
        using var response = await _requests.SendAsync(request, "write", Location, cancellationToken).ConfigureAwait(false);

        // The token goes with every part, so the session must be at the same server.
        var session = response.Headers.Location is { } given ? new Uri(_requests.Endpoint, given) : null;
        _session = session is not null && Uri.Compare(
                session, _requests.Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0
            ? session
            : throw CloudErrors.Malformed("write", Location);
    }

    protected override async Task<bool> SendPartAsync(
        int number, long offset, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var end = offset + content.Length;

        // Only the last part may be short; a full one may still be followed by nothing.
        var total = content.Length < _partSize ? end.ToString(CultureInfo.InvariantCulture) : "*";
        while (offset < end)
        {
            var rest = content[(int)(content.Length - (end - offset))..];
            var range = string.Create(CultureInfo.InvariantCulture, $"bytes {offset}-{end - 1}/{total}");
            using var response = await PutAsync(rest, range, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                _isComplete = true;
                return true;
            }

            // The service may keep less than it was sent; the rest is sent again.
            var kept = KeptBytes(response);
            offset = kept > offset && kept <= end
                ? kept
                : throw new StorageException(
                    StorageErrorKind.Unavailable, Location, $"Could not write '{Location}': the service kept nothing of a part.");
        }

        return false;
    }

    protected override async Task CompleteAsync(IReadOnlyList<bool> parts, long length, CancellationToken cancellationToken)
    {
        if (!_isComplete)
        {
            var range = string.Create(CultureInfo.InvariantCulture, $"bytes */{length}");
            using var response = await PutAsync(ReadOnlyMemory<byte>.Empty, range, cancellationToken).ConfigureAwait(false);
            ThrowUnlessDone(response);
        }
    }

    protected override async Task AbandonAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, _session);
        using var response = await _requests.SendAsync(request, "abandon", Location, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> PutAsync(ReadOnlyMemory<byte> content, string range, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, _session) { Content = BodyOf(content) };
        request.Content.Headers.TryAddWithoutValidation("Content-Range", range);
        return await _requests.SendAsync(request, "write", Location, cancellationToken).ConfigureAwait(false);
    }

    private static ReadOnlyMemoryContent BodyOf(ReadOnlyMemory<byte> content)
    {
        var body = new ReadOnlyMemoryContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return body;
    }

    private static long KeptBytes(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.PermanentRedirect
            || !response.Headers.TryGetValues("Range", out var values)
            || !RangeHeaderValue.TryParse(values.First(), out var range))
        {
            return 0;
        }

        return range.Ranges.FirstOrDefault() is { From: 0, To: { } last } && last < long.MaxValue ? last + 1 : 0;
    }

    private void ThrowUnlessDone(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw CloudErrors.Malformed("write", Location);
        }
    }
}
