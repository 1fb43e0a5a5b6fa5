// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>What a conversion is going to write: which columns, and the images in the order of their samples. The same images and options
/// give the same plan.</summary>
internal sealed class ConversionPlan
{
    /// <summary>The extension of files with raw pixels.</summary>
    public const string RawExtension = ".pil";

    private readonly int[] _order;

    /// <summary>Makes the plan.</summary>
    public ConversionPlan(ImageFolder source, ImageFolderConverterOptions options)
    {
        Source = source;
        Options = options;
        RawPixels = source.Images[0].Path.EndsWith(RawExtension, StringComparison.OrdinalIgnoreCase);
        Columns = [new ShardColumn("i", "int", 8), new ShardColumn("x", RawPixels ? "pil" : "jpeg", null), new ShardColumn("y", "int", 8)];
        Hashes = [.. options.Hashes.Distinct(StringComparer.Ordinal).Order(CodePointComparer.Instance)];
        _order = [.. Enumerable.Range(0, source.Images.Length)];
        if (options.Shuffle)
        {
            new SplitMix64(options.ShuffleSeed).Shuffle<int>(_order);
        }

        Fingerprint = ComputeFingerprint();
    }

    /// <summary>Gets the images.</summary>
    public ImageFolder Source { get; }

    /// <summary>Gets the options.</summary>
    public ImageFolderConverterOptions Options { get; }

    /// <summary>Gets whether the images are raw pixels (column encoding <c>pil</c>) instead of JPEG files.</summary>
    public bool RawPixels { get; }

    /// <summary>Gets the columns: <c>i</c> the image's number, <c>x</c> the image, <c>y</c> the class's number, as upstream's ImageNet has
    /// them.</summary>
    public ImmutableArray<ShardColumn> Columns { get; }

    /// <summary>Gets the names of the hashes, sorted as writers need them.</summary>
    public ImmutableArray<string> Hashes { get; }

    /// <summary>Gets the number of samples.</summary>
    public int Count => _order.Length;

    /// <summary>Gets a digest of everything that decides the output but the contents of the files. Two plans with one fingerprint can
    /// continue each other.</summary>
    public string Fingerprint { get; }

    /// <summary>Gets the image number of a sample.</summary>
    /// <param name="ordinal">The sample's place in the output, skipped ones counted.</param>
    public int ImageAt(int ordinal) => _order[ordinal];

    /// <summary>Adds the facts of a sample's file to a digest of all samples so far.</summary>
    public void AppendFacts(IncrementalHash digest, int ordinal)
    {
        var image = Source.Images[_order[ordinal]];
        Span<byte> size = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(size, image.Bytes);
        digest.AppendData(Encoding.UTF8.GetBytes(image.Path));
        digest.AppendData(size);
    }

    private string ComputeFingerprint()
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(string.Create(
            CultureInfo.InvariantCulture,
            $"{Options.Compression}|{string.Join(',', Hashes)}|{Options.SizeLimit.Bytes}|{Options.Shuffle}|{Options.ShuffleSeed}|"
            + $"{Options.Resize}|{Options.ResizeQuality}|{RawPixels}"));
        foreach (var name in Source.Classes)
        {
            Append(name);
        }

        foreach (var image in Source.Images)
        {
            Append(image.Path);
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());

        void Append(string text)
        {
            digest.AppendData(Encoding.UTF8.GetBytes(text));
            digest.AppendData([0]);
        }
    }
}
