// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>A split of COCO 2017's detection task: columns <c>img</c> (the JPEG file), <c>img_id</c>, <c>htot</c> and <c>wtot</c> (its size
/// in pixels), <c>bbox_sizes</c> (n x 4: left, top, right and bottom edges as shares of the width and height) and <c>bbox_labels</c>, as
/// <c>StreamingCOCO</c> reads them.</summary>
/// <remarks>Labels are the places of the categories in the file, from 1; 0 is the background. Images without a box are left out. Files are
/// stored as they are. Boxes of crowds and of no width are kept, as upstream keeps them. Mirrors
/// <c>streaming/vision/convert/coco.py</c>.</remarks>
internal sealed class CocoFolder : RawSource
{
    private readonly string _split;
    private readonly ImmutableArray<ListedFile> _files;

    private CocoFolder(string images, string split, string annotationsPath, CocoAnnotations annotations, ImmutableArray<ListedFile> files)
        : base(images)
    {
        _split = split;
        _files = files;
        AnnotationsPath = annotationsPath;
        Annotations = annotations;
    }

    /// <inheritdoc/>
    public override ImmutableArray<string> Classes => Annotations.Classes;

    /// <inheritdoc/>
    public override RawConverterOptions DefaultOptions =>
        RawConverterOptions.Default with { SizeLimit = ByteSize.MiB(32), Shuffle = _split == "train" };

    /// <summary>Gets the path of the file of annotations.</summary>
    internal string AnnotationsPath { get; }

    /// <summary>Gets the images with their boxes.</summary>
    internal CocoAnnotations Annotations { get; }

    /// <inheritdoc/>
    internal override ImmutableArray<ShardColumn> Columns { get; } =
    [
        new("bbox_labels", "ndarray:int64", null),
        new("bbox_sizes", "ndarray:float32", null),
        new("htot", "int", 8),
        new("img", "jpeg", null),
        new("img_id", "int", 8),
        new("wtot", "int", 8),
    ];

    /// <inheritdoc/>
    internal override int? Count => Annotations.Images.Length;

    /// <summary>Reads the annotations of a split and lists its images.</summary>
    /// <param name="directory">The folder with <c>train2017</c>, <c>val2017</c>, and <c>annotations</c> with
    /// <c>instances_train2017.json</c> and <c>instances_val2017.json</c>.</param>
    /// <param name="split">The split, <c>train</c> or <c>val</c>.</param>
    /// <returns>The images that have a box. One whose file is missing becomes a damaged item.</returns>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    /// <exception cref="StorageException">A folder or the file of annotations is missing.</exception>
    /// <exception cref="SampleDecodeException">The annotations are damaged, or what they say does not fit together: a number comes twice,
    /// or an annotation is of an image or category that is not listed.</exception>
    public static CocoFolder Open(string directory, string split)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (split is not ("train" or "val"))
        {
            throw new ArgumentException($"COCO has the splits train and val with boxes, not '{split}'.", nameof(split));
        }

        var root = Path.GetFullPath(directory);
        var (images, path) = (Path.Combine(root, $"{split}2017"), Path.Combine(root, "annotations", $"instances_{split}2017.json"));
        if (!File.Exists(path))
        {
            throw new StorageException(
                StorageErrorKind.NotFound, path, $"There is no file of annotations '{path}'. It comes in annotations_trainval2017.zip.");
        }

        var sizes = RawListing.List(images, "*", recurse: false, ".jpg", ".jpeg")
            .ToDictionary(static file => file.Path, static file => file.Bytes, StringComparer.Ordinal);
        var annotations = CocoAnnotations.Read(path);
        return new CocoFolder(
            images, split, path, annotations,
            [.. annotations.Images.Select(image => new ListedFile(image.FileName, sizes.GetValueOrDefault(image.FileName, -1)))]);
    }

    /// <inheritdoc/>
    internal override void AppendIdentity(Action<string> append)
    {
        foreach (var image in Annotations.Images)
        {
            append(string.Create(CultureInfo.InvariantCulture, $"{image.Id} {image.FileName}"));
        }
    }

    /// <inheritdoc/>
    internal override void AppendFacts(IncrementalHash digest, int item)
    {
        _files[item].AppendTo(digest);
        var image = Annotations.Images[item];
        Append(image.Height);
        Append(image.Width);
        foreach (var box in image.Boxes)
        {
            Append(BitConverter.DoubleToInt64Bits(box.Left));
            Append(BitConverter.DoubleToInt64Bits(box.Top));
            Append(BitConverter.DoubleToInt64Bits(box.Width));
            Append(BitConverter.DoubleToInt64Bits(box.Height));
            Append(Annotations.LabelOf(box.Category));
        }

        void Append(long value)
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            digest.AppendData(bytes);
        }
    }

    /// <inheritdoc/>
    internal override RawReader CreateReader() => new CocoReader(this);

    /// <summary>Finds the file of an image; its size is negative when it is not there.</summary>
    internal ListedFile FileOf(int item) => _files[item];
}
