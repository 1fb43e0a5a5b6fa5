// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>One complete shard in the journal of a conversion.</summary>
/// <param name="Shard">The shard as the index will have it.</param>
/// <param name="Next">The sample that the next shard begins with.</param>
/// <param name="Facts">The digest of the facts of all items before <paramref name="Next"/>.</param>
/// <param name="Skipped">What was left out since the shard before.</param>
internal sealed record JournalEntry(ShardInfo Shard, int Next, string Facts, ImmutableArray<DatasetProblem> Skipped)
{
    /// <summary>Writes the entry as one line.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteNumber("next", Next);
            json.WriteString("facts", Facts);
            json.WriteStartArray("skipped");
            foreach (var item in Skipped)
            {
                json.WriteStartObject();
                json.WriteString("path", item.File);
                json.WriteString("reason", item.Problem);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WritePropertyName("index");
            var index = new ArrayBufferWriter<byte>();
            new DatasetIndex([Shard]).Write(index);
            json.WriteRawValue(index.WrittenSpan);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    /// <summary>Reads a line.</summary>
    /// <returns>The entry, or <see langword="null"/> when the line is not one, for example because the write of it was cut off.</returns>
    public static JournalEntry? TryParse(ReadOnlyMemory<byte> line, string location)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var index = DatasetIndex.Parse(JsonSerializerRaw(root.GetProperty("index")), location);
            var skipped = root.GetProperty("skipped").EnumerateArray()
                .Select(static item => new DatasetProblem(
                    item.GetProperty("path").GetString() ?? "", null, null, item.GetProperty("reason").GetString() ?? ""));
            return index.Shards is [var shard] && root.GetProperty("facts").GetString() is { } facts
                ? new JournalEntry(shard, root.GetProperty("next").GetInt32(), facts, [.. skipped])
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException
            or KeyNotFoundException or FormatException or ShardFormatException)
        {
            return null;
        }
    }

    private static byte[] JsonSerializerRaw(JsonElement element) => System.Text.Encoding.UTF8.GetBytes(element.GetRawText());
}
