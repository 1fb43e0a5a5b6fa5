// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TorchStreaming.Storage;

/// <summary>What a cluster says about a failure: in the body, for HEAD in a header.</summary>
/// <param name="Code">The typed code, such as <c>ErrBckNotFound</c>; null when there is none.</param>
/// <param name="Message">The text; null when there is none.</param>
internal sealed record AISErrorReply(string? Code, string? Message)
{
    private const int BodyLimit = 1 << 16;
    private const int ShownLimit = 300;

    public static readonly AISErrorReply Nothing = new(null, null);

    /// <summary>Reads the failure out of an answer; nothing when the answer is another server's.</summary>
    public static async Task<AISErrorReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Headers.TryGetValues("Hdr-Error", out var values))
        {
            return Parse(System.Text.Encoding.UTF8.GetBytes(values.First()));
        }

        try
        {
            return Parse(await CloudHttp.ReadShortAsync(response, BodyLimit, "", "", cancellationToken).ConfigureAwait(false));
        }
        catch (StorageException)
        {
            return Nothing;
        }
    }

    private static AISErrorReply Parse(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object ? new AISErrorReply(Text(root, "tcode"), Text(root, "message")) : Nothing;
        }
        catch (JsonException)
        {
            return Nothing;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? new string([.. text.Take(ShownLimit).Select(static c => char.IsControl(c) ? ' ' : c)])
            : null;
}
