// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace TorchStreaming.Cli;

/// <summary>Writes documents (<see cref="DocumentContext"/>) for programs as UTF-8, with no more escapes than JSON asks for.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Indented =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions OneLine = Indented with { Indented = false };

    /// <summary>Writes a document over several lines.</summary>
    public static void WriteDocument<T>(TextWriter output, T document, JsonTypeInfo<T> type) => Write(output, Indented, document, type);

    /// <summary>Writes a document as one line.</summary>
    public static void WriteLine<T>(TextWriter output, T document, JsonTypeInfo<T> type) => Write(output, OneLine, document, type);

    private static void Write<T>(TextWriter output, JsonWriterOptions options, T document, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            JsonSerializer.Serialize(json, document, type);
        }

        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }
}
