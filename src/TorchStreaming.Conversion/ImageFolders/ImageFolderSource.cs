// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>An image folder as the raw data of a conversion: columns <c>i</c> the image's number, <c>x</c> the image, <c>y</c> the class's
/// number, as upstream's ImageNet has them.</summary>
internal sealed class ImageFolderSource : RawSource
{
    /// <summary>The extension of files with raw pixels.</summary>
    public const string RawExtension = ".pil";

    private readonly ImageFolderConverterOptions _options;

    /// <summary>Creates the source.</summary>
    public ImageFolderSource(ImageFolder folder, ImageFolderConverterOptions options)
        : base(folder.Directory)
    {
        Folder = folder;
        _options = options;
        RawPixels = folder.Images[0].Path.EndsWith(RawExtension, StringComparison.OrdinalIgnoreCase);
        Columns = [new ShardColumn("i", "int", 8), new ShardColumn("x", RawPixels ? "pil" : "jpeg", null), new ShardColumn("y", "int", 8)];
    }

    /// <summary>Gets the images.</summary>
    public ImageFolder Folder { get; }

    /// <summary>Gets whether the images are raw pixels (column encoding <c>pil</c>) instead of JPEG files.</summary>
    public bool RawPixels { get; }

    /// <inheritdoc/>
    public override ImmutableArray<string> Classes => Folder.Classes;

    /// <inheritdoc/>
    public override RawConverterOptions DefaultOptions => ImageFolderConverterOptions.Default;

    /// <inheritdoc/>
    internal override ImmutableArray<ShardColumn> Columns { get; }

    /// <inheritdoc/>
    internal override ImmutableDictionary<string, string> TarFields { get; } =
        ImmutableDictionary.CreateRange<string, string>([new("x", "jpg"), new("y", "cls")]);

    /// <inheritdoc/>
    internal override string TarKeyColumn => "i";

    /// <inheritdoc/>
    internal override int? Count => Folder.Images.Length;

    /// <inheritdoc/>
    internal override void AppendIdentity(Action<string> append)
    {
        append(string.Create(CultureInfo.InvariantCulture, $"{_options.Resize}|{_options.ResizeQuality}"));
        foreach (var image in Folder.Images)
        {
            append(image.Path);
        }
    }

    /// <inheritdoc/>
    internal override void AppendFacts(IncrementalHash digest, int item)
    {
        var image = Folder.Images[item];
        Span<byte> size = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(size, image.Bytes);
        digest.AppendData(Encoding.UTF8.GetBytes(image.Path));
        digest.AppendData(size);
    }

    /// <inheritdoc/>
    internal override RawReader CreateReader() => new ImageSampleReader(this, _options);
}
