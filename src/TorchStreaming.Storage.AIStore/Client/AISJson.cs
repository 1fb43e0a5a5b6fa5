// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TorchStreaming.Storage;

/// <summary>Writes the bodies of control calls, and reads their answers.</summary>
internal static class AISJson
{
    private const int AnswerLimit = 64 << 20;

    /// <summary>Writes an action with its value.</summary>
    /// <param name="action">The action.</param>
    /// <param name="writeValue">Writes the property <c>value</c>; null for none.</param>
    public static byte[] ActionOf(string action, Action<Utf8JsonWriter>? writeValue = null) => Write(json =>
    {
        json.WriteString("action", action);
        json.WriteString("name", "");
        if (writeValue is null)
        {
            json.WriteNull("value");
        }
        else
        {
            writeValue(json);
        }
    });

    /// <summary>Writes an object.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> writeProperties)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            writeProperties(json);
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    /// <summary>Makes a request's body.</summary>
    public static ByteArrayContent ContentOf(byte[] json)
    {
        var content = new ByteArrayContent(json);
        content.Headers.ContentType = new("application/json");
        return content;
    }

    /// <summary>Reads an answer.</summary>
    /// <exception cref="StorageException">It is not what the protocol promises.</exception>
    public static async ValueTask<T> ReadAsync<T>(
        HttpResponseMessage response, AISRequest request, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        var bytes = await CloudHttp.ReadShortAsync(response, AnswerLimit, request.What, request.Location, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return read(document.RootElement);
        }
        catch (Exception error) when (
            error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw CloudErrors.Malformed(request.What, request.Location, error);
        }
    }
}
