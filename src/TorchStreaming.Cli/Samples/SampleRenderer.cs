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
    public void WriteLine(TextWriter output, long id, IReadOnlyList<(string Column, object Value)> values)
    {
        var columns = new Dictionary<string, object>();
        foreach (var (column, value) in values)
        {
            columns[column] = ToJson(id, column, value);
        }

        JsonOutput.WriteLine(output, new SampleDocument(id, columns), DocumentContext.Default.SampleDocument);
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

    private object ToJson(long id, string column, object value) => value switch
    {
        string text => text,
        JsonText text => ParseOrKeep(text.ToString()),
        Blob blob => ToDocument(id, column, null, blob),
        Blob[] blobs => blobs.Select((blob, i) => ToDocument(id, column, i, blob)).ToArray(),
        _ => ParseOrKeep(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };

    /// <summary>Parses JSON. What is none stays a text: NaN and Infinity, which numbers and Python's JSON may be.</summary>
    private static object ParseOrKeep(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private BlobDocument ToDocument(long id, string column, int? element, Blob blob) => new(
        blob.Kind,
        blob.Shape.Count > 0 ? blob.Shape : null,
        blob.Bytes.Length,
        _base64 ? Convert.ToBase64String(blob.Bytes.Span) : null,
        _base64 ? null : Convert.ToHexStringLower(SHA256.HashData(blob.Bytes.Span)),
        blob.Problem,
        _files?.Write(id, column, element, blob));
}
