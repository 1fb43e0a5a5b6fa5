// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using System.Text.Json;
using TorchStreaming.Storage;

namespace TorchStreaming.TestKit;

/// <summary>Pages of listings, in either of their encodings.</summary>
internal static class AIStoreListings
{
    private sealed record Entry(string Name, byte[] Key, long Size, int Flags);

    public static async Task SendAsync(AIStoreServer server, AIStoreCall call, AISBucketName bucket)
    {
        var body = await call.ReadBodyAsync();
        using var json = JsonDocument.Parse(body.Length == 0 ? "{}"u8.ToArray() : body);
        var options = json.RootElement.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Object ? value : default;
        string Text(string name) =>
            options.ValueKind == JsonValueKind.Object && options.TryGetProperty(name, out var property) ? property.GetString() ?? "" : "";
        var size = options.ValueKind == JsonValueKind.Object && options.TryGetProperty("pagesize", out var asked) ? asked.GetInt32() : 0;
        var flags = Text("flags") is { Length: > 0 } bits ? int.Parse(bits, CultureInfo.InvariantCulture) : 0;
        var token = Text("continuation_token");
        var after = Encoding.UTF8.GetBytes(token.Length > 0 ? token : Text("start_after"));
        var count = size <= 0 ? server.MaxPageSize : Math.Min(size, server.MaxPageSize);
        var page = EntriesOf(server, bucket, Text("prefix").TrimEnd('*'), flags)
            .Where(entry => entry.Key.AsSpan().SequenceCompareTo(after) > 0)
            .Take(count)
            .ToList();
        var uuid = Text("uuid") is { Length: > 0 } given ? given : "fGhT2k9xQ";

        // A page that is full has a token even if nothing follows.
        var next = page.Count == count ? page[^1].Name : "";
        if (call.Request.Accept == "application/msgpack")
        {
            call.Context.Response.ContentType = "application/msgpack";
            await call.Context.Response.Body.WriteAsync(ToMessagePack(uuid, next, page));
            return;
        }

        await call.SendJsonAsync(writer => WriteJson(writer, uuid, next, page));
    }

    private static List<Entry> EntriesOf(AIStoreServer server, AISBucketName bucket, string prefix, int flags)
    {
        var entries = new List<Entry>();
        foreach (var (name, stored) in server.Contents.List(bucket))
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            var members = (flags & 8) != 0 ? AIStoreArchives.Members(name, stored.Content) : null;
            entries.Add(new Entry(name, Encoding.UTF8.GetBytes(name), stored.Content.Length, members is null ? 64 : 512 | 64));
            foreach (var (path, content) in members ?? [])
            {
                var full = $"{name}/{path}";
                entries.Add(new Entry(full, Encoding.UTF8.GetBytes(full), content.Length, 128 | 64));
            }
        }

        entries.Sort(static (left, right) => left.Key.AsSpan().SequenceCompareTo(right.Key));
        return entries;
    }

    private static void WriteJson(Utf8JsonWriter json, string uuid, string next, List<Entry> page)
    {
        json.WriteStartObject();
        json.WriteString("uuid", uuid);
        if (page.Count == 0)
        {
            json.WriteNull("entries");
        }
        else
        {
            json.WriteStartArray("entries");
            foreach (var entry in page)
            {
                json.WriteStartObject();
                json.WriteString("name", entry.Name);
                if (entry.Size > 0)
                {
                    json.WriteString("size", entry.Size.ToString(CultureInfo.InvariantCulture));
                }

                json.WriteNumber("flags", entry.Flags);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteString("continuation_token", next);
        json.WriteNumber("flags", 0);
        json.WriteEndObject();
    }

    private static byte[] ToMessagePack(string uuid, string next, List<Entry> page)
    {
        var writer = new MessagePackWriter();
        writer.WriteMap(4);
        writer.WriteString("UUID");
        writer.WriteString(uuid);
        writer.WriteString("ContinuationToken");
        writer.WriteString(next);
        writer.WriteString("Entries");
        writer.WriteArray(page.Count);
        foreach (var entry in page)
        {
            writer.WriteMap(entry.Size > 0 ? 3 : 2);
            writer.WriteString("n");
            writer.WriteString(entry.Name);
            if (entry.Size > 0)
            {
                writer.WriteString("s");
                writer.WriteSigned(entry.Size);
            }

            writer.WriteString("f");
            writer.WriteSigned(entry.Flags);
        }

        writer.WriteString("Flags");
        writer.WriteSigned(0);
        return writer.ToArray();
    }
}
