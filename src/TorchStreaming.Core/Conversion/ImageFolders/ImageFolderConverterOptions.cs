// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>How an image folder becomes a data set.</summary>
/// <remarks>Immutable. The output is a function of the images and of these options except <see cref="Workers"/>.</remarks>
public sealed record ImageFolderConverterOptions
{
    /// <summary>Gets the default options.</summary>
    public static ImageFolderConverterOptions Default { get; } = new();

    /// <summary>Gets the compression of the shards.</summary>
    /// <value>The default is <see langword="null"/>: none. JPEG files hardly get smaller.</value>
    /// <remarks>Mirrors <c>streaming.MDSWriter(compression=…)</c>.</remarks>
    public CompressionScheme? Compression { get; init; }

    /// <summary>Gets the names of the hashes to record, in any order.</summary>
    /// <value>The default is <c>sha1</c> and <c>xxh64</c>, as upstream's converter has it.</value>
    /// <remarks>Mirrors <c>streaming.MDSWriter(hashes=…)</c>.</remarks>
    public ImmutableArray<string> Hashes { get; init; } = ["sha1", "xxh64"];

    /// <summary>Gets the greatest size of a shard before compression. A larger sample gets a shard of its own.</summary>
    /// <value>The default is 64 MiB.</value>
    /// <remarks>Shards are put together in memory: one while it is filled, and up to four while they are compressed and written.
    /// Mirrors <c>streaming.MDSWriter(size_limit=…)</c>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1 or not below 4 GiB.</exception>
    public ByteSize SizeLimit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value.Bytes, 1, nameof(SizeLimit));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Bytes, uint.MaxValue, nameof(SizeLimit));
            field = value;
        }
    } = ByteSize.MiB(64);

    /// <summary>Gets whether samples are written in shuffled order; otherwise class follows class.</summary>
    /// <value>The default is <see langword="true"/>, as upstream's converter does.</value>
    public bool Shuffle { get; init; } = true;

    /// <summary>Gets the number that the shuffled order depends on.</summary>
    /// <value>The default is 0. Upstream draws another order each time.</value>
    public long ShuffleSeed { get; init; }

    /// <summary>Gets the shorter side that larger images are scaled down to, their shape kept, or <see langword="null"/> to store files as
    /// they are.</summary>
    /// <value>The default is <see langword="null"/>. An image whose shorter side is no longer than this is stored as it is in any
    /// case.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? Resize
    {
        get;
        init
        {
            if (value is { } side)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(side, 1, nameof(Resize));
            }

            field = value;
        }
    }

    /// <summary>Gets the quality of images that are scaled down, from 1 to 100.</summary>
    /// <value>The default is 90.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 1 to 100.</exception>
    public int ResizeQuality
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(ResizeQuality));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100, nameof(ResizeQuality));
            field = value;
        }
    } = 90;

    /// <summary>Gets what becomes of a file that is damaged or of another format.</summary>
    /// <value>The default is <see cref="ImageErrorPolicy.Fail"/>.</value>
    public ImageErrorPolicy OnError { get; init; }

    /// <summary>Gets whether a data set that is in the output already, whole or unfinished, is deleted first.</summary>
    /// <value>The default is <see langword="false"/>: an unfinished conversion of the same images with the same options is continued,
    /// anything else
    /// is an error. Files that are not part of a data set are never deleted.</value>
    public bool Overwrite { get; init; }

    /// <summary>Gets how many files are read, and shards finished, at a time.</summary>
    /// <value>The default is the number of processors.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Workers
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Workers));
            field = value;
        }
    } = Environment.ProcessorCount;
}
