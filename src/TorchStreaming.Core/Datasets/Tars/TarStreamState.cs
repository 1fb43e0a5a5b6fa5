// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using TorchStreaming.Diagnostics;

namespace TorchStreaming;

/// <summary>Where a <see cref="TarStream"/> is: enough to continue with the next sample, of the same tars on the same number of ranks and
/// workers.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Delivered">The samples of it that this reader has delivered.</param>
/// <param name="Tar">The place of the next tar among this reader's.</param>
/// <param name="Sample">The next sample in it.</param>
/// <param name="Waiting">The samples that wait in the shuffle buffer: tar and sample, in the buffer's order.</param>
/// <param name="Fingerprint">What the tars and the options were that the places refer to.</param>
public sealed record TarStreamState(
    long Epoch, long Delivered, int Tar, long Sample, ImmutableArray<(int Tar, long Sample)> Waiting, string Fingerprint)
{
    /// <summary>Reads a state.</summary>
    /// <param name="json">What <see cref="ToJson"/> gave.</param>
    /// <returns>The state.</returns>
    /// <exception cref="ResumeException">It is not a state.</exception>
    public static TarStreamState Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var state = new TarStreamState(
                root.GetProperty("epoch").GetInt64(),
                root.GetProperty("delivered").GetInt64(),
                root.GetProperty("tar").GetInt32(),
                root.GetProperty("sample").GetInt64(),
                [.. root.GetProperty("waiting").EnumerateArray().Select(static place => (place[0].GetInt32(), place[1].GetInt64()))],
                root.GetProperty("fingerprint").GetString() ?? "");
            return state.Epoch >= 0 && state.Delivered >= 0 && state.Tar >= 0 && state.Sample >= 0
                && state.Waiting.All(static place => place.Tar >= 0 && place.Sample >= 0)
                ? state
                : throw new ResumeException("The state of the tar stream has a number below 0.");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or FormatException
            or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new ResumeException("The text is not the state of a tar stream.", exception);
        }
    }

    /// <summary>Writes the state as JSON.</summary>
    /// <returns>The text.</returns>
    public string ToJson()
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", Epoch);
            json.WriteNumber("delivered", Delivered);
            json.WriteNumber("tar", Tar);
            json.WriteNumber("sample", Sample);
            json.WriteStartArray("waiting");
            foreach (var (tar, sample) in Waiting)
            {
                json.WriteStartArray();
                json.WriteNumberValue(tar);
                json.WriteNumberValue(sample);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteString("fingerprint", Fingerprint);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"State: epoch {Epoch}, {Counted.Of(Delivered, "sample")} of it delivered by this reader";
}
