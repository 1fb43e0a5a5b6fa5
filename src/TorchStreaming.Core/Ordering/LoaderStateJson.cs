// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Text;
using System.Text.Json;

namespace TorchStreaming.Ordering;

/// <summary>The JSON of <see cref="LoaderState"/>: upstream's five keys, and one of ours that upstream keeps but does not look
/// at.</summary>
internal static class LoaderStateJson
{
    private const string Epoch = "epoch";
    private const string SampleInEpoch = "sample_in_epoch";
    private const string NumCanonicalNodes = "num_canonical_nodes";
    private const string ShuffleSeed = "shuffle_seed";
    private const string InitialPhysicalNodes = "initial_physical_nodes";
    private const string Ours = "torchstreaming";

    public static string Write(LoaderState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber(Epoch, state.Epoch);
            json.WriteNumber(SampleInEpoch, state.SampleInEpoch);
            json.WriteNumber(NumCanonicalNodes, state.NumCanonicalNodes);
            json.WriteNumber(ShuffleSeed, state.ShuffleSeed);
            if (state.InitialPhysicalNodes is { } nodes)
            {
                json.WriteNumber(InitialPhysicalNodes, nodes);
            }
            else
            {
                json.WriteNull(InitialPhysicalNodes);
            }

            if (state.Fingerprint is { } fingerprint)
            {
                json.WriteStartObject(Ours);
                json.WriteNumber("samples", fingerprint.Samples);
                json.WriteNumber("shards", fingerprint.Shards);
                json.WriteString("sizes", fingerprint.Sizes);
                json.WriteString("options", fingerprint.Options);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static LoaderState Read(ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8Json);
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new ResumeException("The loader state is not JSON. Give the text that a state dictionary was saved as.", exception);
        }
    }

    private static LoaderState Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new ResumeException($"The loader state is a JSON {root.ValueKind}, not an object.");
        }

        return new LoaderState
        {
            Epoch = ReadInteger(root, Epoch, -1, long.MaxValue),
            SampleInEpoch = ReadInteger(root, SampleInEpoch, 0, long.MaxValue),
            NumCanonicalNodes = (int)ReadInteger(root, NumCanonicalNodes, 1, int.MaxValue),
            ShuffleSeed = ReadSeed(root),
            InitialPhysicalNodes = IsNumber(root, InitialPhysicalNodes)
                ? (int)ReadInteger(root, InitialPhysicalNodes, 1, int.MaxValue)
                : null,
            Fingerprint = ReadFingerprint(root),
        };
    }

    private static bool IsNumber(JsonElement root, string key) =>
        root.TryGetProperty(key, out var value) && value.ValueKind is not JsonValueKind.Null;

    private static long ReadInteger(JsonElement root, string key, long lowest, long highest)
    {
        if (!root.TryGetProperty(key, out var value))
        {
            throw new ResumeException($"The loader state has no '{key}'. It is incomplete or not a loader state.");
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number) || number < lowest || number > highest)
        {
            throw new ResumeException($"The loader state has '{key}' = {Shorten(value)}, which is not a whole number from {lowest} to "
                + $"{highest}.");
        }

        return number;
    }

    private static ulong ReadSeed(JsonElement root)
    {
        if (!root.TryGetProperty(ShuffleSeed, out var value))
        {
            throw new ResumeException($"The loader state has no '{ShuffleSeed}'. It is incomplete or not a loader state.");
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetUInt64(out var seed))
        {
            throw new ResumeException(
                $"The loader state has '{ShuffleSeed}' = {Shorten(value)}, which is not a whole number from 0 to {ulong.MaxValue}.");
        }

        return seed;
    }

    private static OrderFingerprint? ReadFingerprint(JsonElement root)
    {
        if (!root.TryGetProperty(Ours, out var ours) || ours.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return new OrderFingerprint(
            ReadInteger(ours, "samples", 0, long.MaxValue),
            ReadInteger(ours, "shards", 0, long.MaxValue),
            ReadText(ours, "sizes"),
            ReadText(ours, "options"));
    }

    private static string ReadText(JsonElement parent, string key) =>
        parent.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new ResumeException($"The loader state has no text '{Ours}.{key}'. It is damaged.");

    private static string Shorten(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "…");
    }
}
