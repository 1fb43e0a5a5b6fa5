// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace TorchStreaming.Cli;

/// <summary>Renders decoded values: as JSON for programs, in a few words for people.</summary>
internal sealed class SampleRenderer
{
    private const int LongestText = 200;

    private readonly bool _base64;
    private readonly SampleFileWriter? _files;

    /// <summary>Creates the renderer.</summary>
    /// <param name="base64">Whether JSON holds bytes as base64 instead of their number and digest.</param>
    /// <param name="files">Where bytes are written to files, or <see langword="null"/>.</param>
    public SampleRenderer(bool base64, SampleFileWriter? files)
    {
        _base64 = base64;
        _files = files;
    }

    /// <summary>Writes a sample as one line of JSON.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="id">The sample's number.</param>
    /// <param name="values">The columns' names and values.</param>
    public void WriteLine(TextWriter output, long id, IReadOnlyList<(string Column, object Value)> values) => JsonOutput.WriteLine(output, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("sample", id);
        json.WriteStartObject("columns");
        foreach (var (column, value) in values)
        {
            json.WritePropertyName(column);
            WriteJson(json, id, column, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>Writes a value as JSON.</summary>
    public void WriteJson(Utf8JsonWriter json, long id, string column, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteStringValue(text);
                break;
            case JsonText text:
                WriteJsonText(json, text);
                break;
            case Blob blob:
                WriteBlob(json, id, column, null, blob);
                break;
            case Blob[] blobs:
                json.WriteStartArray();
                for (var i = 0; i < blobs.Length; i++)
                {
                    WriteBlob(json, id, column, i, blobs[i]);
                }

                json.WriteEndArray();
                break;
            default:
                WriteNumber(json, value);
                break;
        }
    }

    /// <summary>Renders a value in a few words, without control characters.</summary>
    public string ToText(long id, string column, object value) => value switch
    {
        string text => Quote(text),
        JsonText text => TerminalText.OneLine(Shorten(text.ToString())),
        Blob blob => Describe(id, column, null, blob),
        Blob[] blobs => $"[{string.Join(", ", blobs.Select((blob, i) => Describe(id, column, i, blob)))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Quote(string text) => $"\"{TerminalText.OneLine(Shorten(text))}\"";

    private static string Shorten(string text) => text.Length <= LongestText ? text : $"{text.AsSpan(0, LongestText)}…";

    private string Describe(long id, string column, int? element, Blob blob)
    {
        var text = new StringBuilder();
        if (blob.Array is { } array)
        {
            text.Append(ArrayValues.Describe(array));
        }
        else
        {
            var shape = blob.Shape.Count == 0 ? "" : $" {string.Join('x', blob.Shape)}";
            text.Append(CultureInfo.InvariantCulture, $"{TerminalText.OneLine(blob.Kind)}{shape} {new ByteSize(blob.Bytes.Length)}");
        }

        if (blob.Problem is not null)
        {
            text.Append(" (damaged)");
        }

        if (_files is not null)
        {
            text.Append(" -> ").Append(_files.Write(id, column, element, blob));
        }

        return text.ToString();
    }

    private static void WriteJsonText(Utf8JsonWriter json, JsonText text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.Utf8);
            document.RootElement.WriteTo(json);
        }
        catch (JsonException)
        {
            // Python also writes NaN and Infinity, which JSON does not have.
            json.WriteStringValue(text.ToString());
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, object value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        if (value is float or double or Half
            && !double.IsFinite(Convert.ToDouble(value is Half half ? (double)half : value, CultureInfo.InvariantCulture)))
        {
            json.WriteStringValue(text);
            return;
        }

        try
        {
            json.WriteRawValue(text);
        }
        catch (JsonException)
        {
            // Decimals may be NaN or Infinity as well.
            json.WriteStringValue(text);
        }
    }

    private void WriteBlob(Utf8JsonWriter json, long id, string column, int? element, Blob blob)
    {
        json.WriteStartObject();
        json.WriteString("kind", blob.Kind);
        if (blob.Shape.Count > 0)
        {
            json.WriteStartArray("shape");
            foreach (var size in blob.Shape)
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
        }

        json.WriteNumber("bytes", blob.Bytes.Length);
        if (_base64)
        {
            json.WriteBase64String("base64", blob.Bytes.Span);
        }
        else
        {
            json.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(blob.Bytes.Span)));
        }

        if (blob.Problem is not null)
        {
            json.WriteString("problem", blob.Problem);
        }

        if (_files is not null)
        {
            json.WriteString("file", _files.Write(id, column, element, blob));
        }

        json.WriteEndObject();
    }
}
