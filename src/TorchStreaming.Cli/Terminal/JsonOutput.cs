// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TorchStreaming.Cli;

/// <summary>Writes JSON for programs: UTF-8, keys in snake case as in the formats of the field.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Indented =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions OneLine = Indented with { Indented = false };

    /// <summary>Writes a document over several lines.</summary>
    public static void WriteDocument(TextWriter output, Action<Utf8JsonWriter> write) => Write(output, Indented, write);

    /// <summary>Writes a document as one line.</summary>
    public static void WriteLine(TextWriter output, Action<Utf8JsonWriter> write) => Write(output, OneLine, write);

    private static void Write(TextWriter output, JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            write(json);
        }

        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }
}
