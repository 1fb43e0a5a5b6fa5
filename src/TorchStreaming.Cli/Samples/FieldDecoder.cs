// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Imaging;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary>Turns the encoded value of a column into what can be shown: text, a number, a JSON text, a <see cref="Blob"/>, or a list of
/// blobs.
/// One thread at a time.</summary>
internal sealed class FieldDecoder : IDisposable
{
    private const string JsonEncoding = "json";
    private const string PickleEncoding = "pkl";

    private readonly IImageDecoder _images = ImageDecoders.Default.CreateDecoder();

    /// <summary>Decodes a value.</summary>
    /// <param name="reader">The shard.</param>
    /// <param name="sample">The sample's number in the shard.</param>
    /// <param name="column">The column's place in the schema.</param>
    /// <returns>A <see cref="string"/>, a number, a <see cref="JsonText"/>, a <see cref="Blob"/> or a list of blobs.</returns>
    /// <exception cref="ShardFormatException">The sample or the value is damaged.</exception>
    public object Decode(ShardReader reader, int sample, int column)
    {
        var name = reader.Schema.Columns[column].Encoding;
        if (name is JsonEncoding or PickleEncoding)
        {
            // JSON is shown as it is. Pickles run code when they are read; their bytes do not.
            var bytes = reader.GetSample(sample, new FieldRange[reader.Schema.Columns.Length])[column].ToArray();
            return name == JsonEncoding ? new JsonText(bytes) : new Blob(name, "bin", bytes, []);
        }

        return reader.ReadValue(sample, column) switch
        {
            byte[] blob => ToBlob(name, blob),
            byte[][] blobs => blobs.Select(blob => ToBlob(name == "list[png]" ? "png" : "jpeg", blob)).ToArray(),
            NdArray array => new Blob($"{array.DType.NumPyName()} array", "bin", array.Bytes, array.Shape) { Array = array },
            PilImage image => ToBlob(image),
            PilImage[] images => images.Select(ToBlob).ToArray(),
            { } value => value,
            null => "",
        };
    }

    /// <summary>Decodes columns of a sample.</summary>
    /// <param name="reader">The shard.</param>
    /// <param name="sample">The sample's number in the shard.</param>
    /// <param name="columns">Their names; none for all.</param>
    /// <returns>Names and values; a column that the shard does not have is left out, since shards of a merged dataset may differ.</returns>
    /// <exception cref="ShardFormatException">The sample or a value is damaged.</exception>
    public List<(string Column, object Value)> Decode(ShardReader reader, int sample, ImmutableArray<string> columns)
    {
        var values = new List<(string, object)>();
        foreach (var name in columns.IsDefaultOrEmpty ? reader.Schema.Columns.Select(static column => column.Name) : columns)
        {
            if (reader.Schema.IndexOf(name) is >= 0 and var column)
            {
                values.Add((name, Decode(reader, sample, column)));
            }
        }

        return values;
    }

    /// <inheritdoc/>
    public void Dispose() => _images.Dispose();

    private static Blob ToBlob(PilImage image) =>
        new($"{image.Mode} pixels", "pil", image.Pixels, [image.Width, image.Height]) { Image = image };

    private Blob ToBlob(string kind, byte[] bytes)
    {
        var format = ImageFormats.Detect(bytes);
        var blob = new Blob(kind, Extension(format), bytes, []);
        if (format == ImageFormat.Raw || !ImageDecoders.Default.CanDecode(format))
        {
            return blob;
        }

        try
        {
            return _images.TryReadInfo(bytes, out var info) ? blob with { Shape = [info.Width, info.Height] } : blob;
        }
        catch (ImageDecodeException exception)
        {
            return blob with { Problem = exception.Message };
        }
    }

    private static string Extension(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "jpg",
        ImageFormat.Unknown or ImageFormat.Raw => "bin",
        _ => format.ToString().ToLowerInvariant(),
    };
}
