// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Security.Cryptography;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>A split of ADE20K as its scene parsing release lays it out: columns <c>uid</c> (the file's name without its end, as bytes),
/// <c>x</c> (the image) and <c>y</c> (the label map), as <c>StreamingADE20K</c> reads them.</summary>
/// <remarks>Each <c>images/training/NAME.jpg</c> has its <c>annotations/training/NAME.png</c>; split <c>val</c> is in
/// <c>validation</c>. Files are stored as they are. Mirrors <c>streaming/vision/convert/ade20k.py</c>.</remarks>
internal sealed class Ade20KFolder : RawSource
{
    private readonly string _images;
    private readonly string _annotations;

    private Ade20KFolder(string images, string annotations, ImmutableArray<(ListedFile Image, ListedFile Annotation)> pairs)
        : base(images)
    {
        _images = images;
        _annotations = annotations;
        Pairs = pairs;
    }

    /// <inheritdoc/>
    public override RawConverterOptions DefaultOptions => RawConverterOptions.Default with { SizeLimit = ByteSize.MiB(4), Shuffle = true };

    /// <inheritdoc/>
    internal override ImmutableArray<ShardColumn> Columns { get; } =
        [new("uid", "bytes", null), new("x", "jpeg", null), new("y", "png", null)];

    /// <inheritdoc/>
    internal override int? Count => Pairs.Length;

    private ImmutableArray<(ListedFile Image, ListedFile Annotation)> Pairs { get; }

    /// <summary>Lists a split.</summary>
    /// <param name="directory">The folder with <c>images</c> and <c>annotations</c>.</param>
    /// <param name="split">The split, <c>train</c> or <c>val</c>.</param>
    /// <returns>The images with their label maps.</returns>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    /// <exception cref="StorageException">A folder is missing or empty, or an image has no label map.</exception>
    public static Ade20KFolder Open(string directory, string split)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var folder = split switch
        {
            "train" => "training",
            "val" => "validation",
            _ => throw new ArgumentException($"ADE20K has the splits train and val, not '{split}'.", nameof(split)),
        };
        var root = Path.GetFullPath(directory);
        var (images, annotations) = (Path.Combine(root, "images", folder), Path.Combine(root, "annotations", folder));
        var maps = RawListing.List(annotations, "*", recurse: false, ".png").ToDictionary(static file => NameOf(file), StringComparer.Ordinal);
        var pairs = ImmutableArray.CreateBuilder<(ListedFile, ListedFile)>();
        foreach (var image in RawListing.List(images, "*", recurse: false, ".jpg", ".jpeg"))
        {
            pairs.Add((image, maps.TryGetValue(NameOf(image), out var map) ? map : throw new StorageException(
                StorageErrorKind.NotFound,
                Path.Combine(annotations, NameOf(image) + ".png"),
                $"'{image.In(images)}' has no label map '{Path.Combine(annotations, NameOf(image) + ".png")}'. Remove the image, or get its map.")));
        }

        return new Ade20KFolder(images, annotations, pairs.ToImmutable());
    }

    /// <inheritdoc/>
    internal override void AppendIdentity(Action<string> append)
    {
        foreach (var (image, _) in Pairs)
        {
            append(image.Path);
        }
    }

    /// <inheritdoc/>
    internal override void AppendFacts(IncrementalHash digest, int item)
    {
        Pairs[item].Image.AppendTo(digest);
        Pairs[item].Annotation.AppendTo(digest);
    }

    /// <inheritdoc/>
    internal override RawReader CreateReader() => new Ade20KReader(this);

    /// <summary>Finds an image and its label map.</summary>
    internal (string Uid, string ImagePath, ListedFile Image, string MapPath, ListedFile Map) Find(int item)
    {
        var (image, map) = Pairs[item];
        return (NameOf(image), image.In(_images), image, map.In(_annotations), map);
    }

    private static string NameOf(ListedFile file) => Path.GetFileNameWithoutExtension(file.Path);
}
