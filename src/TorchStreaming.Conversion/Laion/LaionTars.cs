// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>LAION-400M as img2dataset downloads it into tars (<c>--output_format webdataset</c>): columns <c>nsfw</c>, <c>license</c>,
/// <c>caption</c>, <c>url</c>, <c>key</c>, <c>status</c>, <c>error_message</c> and <c>exif</c> (texts), <c>similarity</c> (64-bit floating
/// point), <c>width</c>, <c>height</c>, <c>original_width</c> and <c>original_height</c> (32-bit integers), and <c>jpg</c> (the file, as
/// bytes).</summary>
/// <remarks>A sample is <c>KEY.jpg</c> and <c>KEY.json</c>, which follow each other; <c>KEY.txt</c> has the caption where the JSON has
/// none. What the JSON lacks becomes an empty text, 0, or NaN for <c>similarity</c>. Images that could not be downloaded are not in tars,
/// while upstream has samples without an image of them. Mirrors
/// <c>streaming/multimodal/convert/laion/laion400m/convert_and_upload.py</c>, which reads Parquet files.</remarks>
internal sealed class LaionTars : RawSource
{
    private readonly FileSet _files;

    private LaionTars(FileSet files)
        : base(files.Directory) => _files = files;

    /// <inheritdoc/>
    internal override ImmutableArray<ShardColumn> Columns { get; } =
    [
        new("caption", "str", null), new("error_message", "str", null), new("exif", "str", null), new("height", "int32", 4),
        new("jpg", "bytes", null), new("key", "str", null), new("license", "str", null), new("nsfw", "str", null),
        new("original_height", "int32", 4), new("original_width", "int32", 4), new("similarity", "float64", 8), new("status", "str", null),
        new("url", "str", null), new("width", "int32", 4),
    ];

    /// <inheritdoc/>
    internal override int? Count => null;

    /// <summary>Lists the tars.</summary>
    /// <param name="location">Their folder, or one tar.</param>
    /// <param name="pattern">Which of them, with <c>*</c> and <c>?</c>, for example <c>000*</c>.</param>
    /// <returns>The samples.</returns>
    /// <exception cref="StorageException">There is no such file.</exception>
    public static LaionTars Open(string location, string pattern = "*")
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        return new LaionTars(FileSet.List(location, pattern, ".tar"));
    }

    /// <inheritdoc/>
    internal override void AppendIdentity(Action<string> append) => _files.AppendIdentity(append);

    /// <inheritdoc/>
    internal override async IAsyncEnumerable<RawItem> EnumerateAsync(
        int first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = 0;
        foreach (var file in _files.Files)
        {
            var path = file.In(Location);
            FileStream? content = null;
            LocalFiles.Guard(path, () => content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan));
            var reader = new TarStreamReader(content!, path);
            await using var closing = reader.ConfigureAwait(false);
            LaionSample? sample = null;
            while (await reader.MoveNextAsync(cancellationToken).ConfigureAwait(false))
            {
                if (reader.Kind != TarMemberKind.File || !TryParse(reader.Name, out var key, out var field))
                {
                    continue;
                }

                if (key != sample?.Key)
                {
                    if (sample is not null && number++ >= first)
                    {
                        yield return new RawItem(number - 1, sample);
                    }

                    sample = new LaionSample(path, key);
                }

                if (number >= first)
                {
                    await TakeAsync(reader, sample, field, content!.Length, cancellationToken).ConfigureAwait(false);
                }
            }

            if (sample is not null && number++ >= first)
            {
                yield return new RawItem(number - 1, sample);
            }
        }
    }

    /// <inheritdoc/>
    internal override RawReader CreateReader() => new LaionReader(_files, Columns);

    private static bool TryParse(ReadOnlySpan<byte> name, out string key, out string field)
    {
        var belongs = TarKey.TryParse(name, TarKeyRule.WebDataset, out var parts);
        key = belongs ? Encoding.UTF8.GetString(name[parts.Key]) : "";
        field = belongs ? Encoding.UTF8.GetString(name[parts.Field]).ToLowerInvariant() : "";
        return belongs;
    }

    private static async ValueTask TakeAsync(
        TarStreamReader reader, LaionSample sample, string field, long length, CancellationToken cancellationToken)
    {
        if (field is not ("jpg" or "json" or "txt"))
        {
            return;
        }

        if (reader.Size > Math.Min(RawFile.LargestFile, length - reader.ContentOffset))
        {
            throw new ShardFormatException(
                new ShardLocation(sample.File, reader.Start), $"'{sample.Key}.{field}' is said to have {reader.Size} bytes, more than can be.");
        }

        var content = new byte[reader.Size];
        await reader.ReadToEndAsync(content, cancellationToken).ConfigureAwait(false);
        switch (field)
        {
            case "jpg":
                sample.Jpg = content;
                break;
            case "json":
                sample.Json = content;
                break;
            default:
                sample.Txt = content;
                break;
        }
    }
}
