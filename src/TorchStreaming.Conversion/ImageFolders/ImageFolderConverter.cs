// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>Turns a folder of class folders of JPEG files into an MDS dataset of the columns <c>i:int</c> (the image's number),
/// <c>x:jpeg</c> (<c>x:pil</c> for raw pixels) and <c>y:int</c> (the class's number), and scales images down where asked.</summary>
/// <remarks>The converter is a <see cref="RawConverter"/>, which says what holds for all. Mirrors
/// <c>streaming/vision/convert/imagenet.py</c>, with a seeded order.</remarks>
public static class ImageFolderConverter
{
    /// <summary>Makes the output ready: everything that can be refused is refused here.</summary>
    /// <param name="source">The images.</param>
    /// <param name="directory">The output, a local folder; it is created.</param>
    /// <param name="options">How to convert; <see langword="null"/> for the defaults.</param>
    /// <returns>The converter.</returns>
    /// <exception cref="ArgumentException">The output is a URL, or a hash does not exist.</exception>
    /// <exception cref="StorageException">The output holds something else and may not be overwritten, is in use, or cannot be
    /// written.</exception>
    public static RawConverter Open(ImageFolder source, string directory, ImageFolderConverterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= ImageFolderConverterOptions.Default;
        return RawConverter.Open(new ImageFolderSource(source, options), directory, options);
    }

    /// <summary>Converts a folder from beginning to end.</summary>
    /// <param name="source">The images.</param>
    /// <param name="directory">The output, a local folder; it is created.</param>
    /// <param name="options">How to convert; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Is told how far it is, from any thread.</param>
    /// <param name="cancellationToken">Interrupts the conversion; the same call continues it.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="ArgumentException">The output is a URL, or a hash does not exist.</exception>
    /// <exception cref="StorageException">A file cannot be read or written, or the output holds something else.</exception>
    /// <exception cref="SampleDecodeException">A file is damaged or of another format, and such files are not to be skipped.</exception>
    public static async Task<RawConversion> ConvertAsync(
        ImageFolder source,
        string directory,
        ImageFolderConverterOptions? options = null,
        IProgress<ConversionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var converter = Open(source, directory, options);
        var made = await converter.RunAsync(progress, cancellationToken).ConfigureAwait(false);
        converter.Complete();
        return made;
    }
}
