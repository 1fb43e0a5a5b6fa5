// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using TorchStreaming.Imaging;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Checks samples of img2dataset and encodes what is known about them. One thread at a time.</summary>
internal sealed class LaionReader(FileSet files, ImmutableArray<ShardColumn> columns) : RawReader
{
    private readonly ImageCheck _check = new(ImageFormat.Jpeg);

    /// <inheritdoc/>
    public override RawSample Read(RawItem item)
    {
        var sample = (LaionSample)item.Part!;
        try
        {
            if (sample.Jpg is null || sample.Json is null)
            {
                throw new InvalidDataException($"There is no '{sample.Key}.{(sample.Json is null ? "json" : "jpg")}'.");
            }

            return _check.Find(sample.Jpg) is { } problem
                ? throw new InvalidDataException(problem)
                : PythonJsonReader.Parse(sample.Json) is JsonObject about
                ? Pack(sample, about)
                : throw new InvalidDataException($"'{sample.Key}.json' is no object.");
        }
        catch (Exception exception) when (exception is InvalidDataException or ImageDecodeException)
        {
            return RawSample.Refuse(files.Refuse(sample, $"sample '{sample.Key}'", exception.Message));
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _check.Dispose();
        base.Dispose();
    }

    private RawSample Pack(LaionSample sample, JsonObject about) => RawSample.Pack(
        columns,
        about["caption"] is null ? Caption(sample) : Text(about, "caption"),
        Text(about, "error_message"),
        Text(about, "exif"),
        Integer(about, "height"),
        sample.Jpg,
        about["key"] is null ? Encoding.UTF8.GetBytes(sample.Key) : Text(about, "key"),
        Text(about, "LICENSE"),
        Text(about, "NSFW"),
        Integer(about, "original_height"),
        Integer(about, "original_width"),
        Similarity(about),
        Text(about, "status"),
        Text(about, "url"),
        Integer(about, "width"));

    private static ReadOnlyMemory<byte> Caption(LaionSample sample) => Utf8.IsValid(sample.Txt)
        ? sample.Txt
        : throw new InvalidDataException($"'{sample.Key}.txt' is no UTF-8.");

    private static ReadOnlyMemory<byte> Text(JsonObject about, string name)
    {
        if (about[name] is not { } value)
        {
            return default;
        }

        return value.GetValueKind() == JsonValueKind.String
            ? StrictUtf8.GetBytes(value.GetValue<string>())
            : throw new InvalidDataException($"'{name}' is no text but {value.GetValueKind().ToString().ToLowerInvariant()}.");
    }

    private static ReadOnlyMemory<byte> Integer(JsonObject about, string name)
    {
        var bytes = new byte[sizeof(int)];
        var number = Number(about, name, whenMissing: 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, double.IsNaN(number) ? 0
            : number == (int)number ? (int)number
            : throw new InvalidDataException($"'{name}' is {FormattableString.Invariant($"{number}")}, which is no size in pixels."));
        return bytes;
    }

    private static ReadOnlyMemory<byte> Similarity(JsonObject about)
    {
        var bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, Number(about, "similarity", whenMissing: double.NaN));
        return bytes;
    }

    private static double Number(JsonObject about, string name, double whenMissing)
    {
        if (about[name] is not { } value)
        {
            return whenMissing;
        }

        // The reader of Python's JSON gives whole numbers as such.
        return value.GetValueKind() == JsonValueKind.Number && value.AsValue() is var given
            ? given.TryGetValue(out double number) ? number
            : given.TryGetValue(out long whole) ? whole
            : throw new InvalidDataException($"'{name}' is too large a number.")
            : throw new InvalidDataException($"'{name}' is no number but {value.GetValueKind().ToString().ToLowerInvariant()}.");
    }
}
