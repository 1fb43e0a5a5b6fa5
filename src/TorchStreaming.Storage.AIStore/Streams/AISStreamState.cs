// SPDX-License-Identifier: MIT

using System.Text.Json;
using TorchStreaming.Diagnostics;
using TorchStreaming.Streams;

namespace TorchStreaming;

/// <summary>Where a reader is: enough for a reader with the same sources, options and share to continue after the last sample.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Objects">How many objects of the share are done.</param>
/// <param name="Samples">How many samples of the object after them are done.</param>
/// <param name="Share">The share's number.</param>
/// <param name="ShareCount">How many shares there are.</param>
/// <param name="Seed">The seed, if the order is shuffled.</param>
/// <param name="Fields">The fields seen so far, which later samples have too.</param>
public sealed record AISStreamState(
    long Epoch, long Objects, long Samples, long Share, long ShareCount, ulong? Seed, IReadOnlyList<string> Fields)
{
    /// <summary>Writes the state as JSON.</summary>
    /// <returns>The JSON.</returns>
    public string ToJson()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", Epoch);
            json.WriteNumber("objects", Objects);
            json.WriteNumber("samples", Samples);
            json.WriteNumber("share", Share);
            json.WriteNumber("share_count", ShareCount);
            if (Seed is { } seed)
            {
                json.WriteNumber("seed", seed);
            }

            json.WriteStartArray("fields");
            foreach (var field in Fields)
            {
                json.WriteStringValue(field);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>Reads a state from JSON.</summary>
    /// <param name="json">What <see cref="ToJson"/> gave.</param>
    /// <returns>The state.</returns>
    /// <exception cref="ResumeException">The text is no state.</exception>
    public static AISStreamState Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var state = new AISStreamState(
                root.GetProperty("epoch").GetInt64(),
                root.GetProperty("objects").GetInt64(),
                root.GetProperty("samples").GetInt64(),
                root.GetProperty("share").GetInt64(),
                root.GetProperty("share_count").GetInt64(),
                root.TryGetProperty("seed", out var seed) ? seed.GetUInt64() : null,
                [.. root.GetProperty("fields").EnumerateArray().Select(static field => field.GetString() ?? "")]);
            return state is { Epoch: >= 0, Objects: >= 0, Samples: >= 0 }
                ? state
                : throw new ResumeException("The state of an AIStore reader has a negative position.");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ResumeException("The text is no state of an AIStore reader.", error);
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"State: epoch {Epoch}, {Counted.Of(Objects, "object")} of its share done";
}
