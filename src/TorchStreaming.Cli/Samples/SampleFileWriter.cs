// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Imaging;

namespace TorchStreaming.Cli;

/// <summary>Writes images and other bytes of samples to files: <c>00000012.x.jpg</c> is column <c>x</c> of sample 12.</summary>
internal sealed class SampleFileWriter
{
    private readonly string _directory;

    /// <summary>Makes the folder.</summary>
    /// <param name="directory">The folder.</param>
    public SampleFileWriter(string directory) => _directory = Directory.CreateDirectory(directory).FullName;

    /// <summary>Writes a value. Raw images of mode RGB or L become PNG files.</summary>
    /// <param name="id">The sample.</param>
    /// <param name="column">The column's name.</param>
    /// <param name="element">The place in a list, or <see langword="null"/>.</param>
    /// <param name="blob">The value.</param>
    /// <returns>The path of the file.</returns>
    public string Write(long id, string column, int? element, Blob blob)
    {
        var image = blob.Image is { Mode: "RGB" or "L" } raw ? raw : null;
        var suffix = element is { } number ? string.Create(CultureInfo.InvariantCulture, $".{number}") : "";
        var extension = image is null ? blob.Extension : "png";
        var path = Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"{id:D8}.{SafeName(column)}{suffix}.{extension}"));
        using var file = File.Create(path);
        switch (image?.Mode)
        {
            case "RGB":
                PngWriter.WriteRgb(file, image.Pixels.Span, image.Width, image.Height);
                break;
            case "L":
                PngWriter.WriteGray(file, image.Pixels.Span, image.Width, image.Height);
                break;
            default:
                file.Write(blob.Bytes.Span);
                break;
        }

        return path;
    }

    /// <summary>Column names come from strangers; a file name must stay in the folder on every system.</summary>
    private static string SafeName(string column) =>
        string.Concat(column.Take(64).Select(static character =>
            char.IsAsciiLetterOrDigit(character) || character is '-' or '_' ? character : '_'));
}
