// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;

namespace TorchStreaming.Storage;

/// <summary>Reads pages of listings, in either of their encodings.</summary>
internal static class AISListPages
{
    /// <summary>Reads MessagePack.</summary>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public static AISListPage ReadMessagePack(ReadOnlySpan<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var (uuid, token) = ("", "");
        var entries = new List<AISListEntry>();
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (reader.ReadString())
            {
                case "UUID":
                    uuid = reader.ReadString();
                    break;
                case "ContinuationToken":
                    token = reader.ReadString();
                    break;
                case "Entries":
                    for (var count = reader.ReadArrayHeader(); count > 0; count--)
                    {
                        entries.Add(ReadEntry(ref reader));
                    }

                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new AISListPage(uuid, token, entries);
    }

    /// <summary>Reads JSON, where sizes are texts and an empty page has null for its entries.</summary>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public static AISListPage ReadJson(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            var entries = new List<AISListEntry>();
            if (root.TryGetProperty("entries", out var array) && array.ValueKind != JsonValueKind.Null)
            {
                entries.AddRange(array.EnumerateArray().Select(ReadEntry));
            }

            return new AISListPage(Text(root, "uuid") ?? "", Text(root, "continuation_token") ?? "", entries);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException("The page is no listing of AIStore.", error);
        }
    }

    private static AISListEntry ReadEntry(ref MessagePackReader reader)
    {
        var (name, size, flags) = ("", 0L, 0L);
        string? checksum = null;
        string? version = null;
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (reader.ReadString())
            {
                case "n":
                    name = reader.ReadString();
                    break;
                case "s":
                    size = reader.ReadInteger();
                    break;
                case "f":
                    flags = reader.ReadInteger();
                    break;
                case "cs":
                    checksum = reader.ReadString();
                    break;
                case "v":
                    version = reader.ReadString();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return Make(name, size, flags, checksum, version);
    }

    private static AISListEntry ReadEntry(JsonElement element)
    {
        var size = element.TryGetProperty("size", out var value) ? value : default;
        return Make(
            Text(element, "name") ?? "",
            size.ValueKind switch
            {
                JsonValueKind.String => long.Parse(size.GetString()!, NumberStyles.None, CultureInfo.InvariantCulture),
                JsonValueKind.Number => size.GetInt64(),
                _ => 0,
            },
            element.TryGetProperty("flags", out var flags) ? flags.GetInt64() : 0,
            Text(element, "checksum"),
            Text(element, "version"));
    }

    private static AISListEntry Make(string name, long size, long flags, string? checksum, string? version) =>
        name.Length > 0 && size >= 0
            ? new AISListEntry(name, size, unchecked((int)flags)) { Checksum = checksum, Version = version }
            : throw new InvalidDataException("An entry has no name, or a negative size.");

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
