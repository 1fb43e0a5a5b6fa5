// SPDX-License-Identifier: MIT

using TorchStreaming.Imaging;

namespace TorchStreaming.Conversion;

/// <summary>What a synthetic image folder holds.</summary>
/// <remarks>Immutable. The same options give the same pixels on every machine of one kind; the bytes of JPEG files also depend on the
/// version of libturbojpeg.</remarks>
public sealed record SyntheticImageFolderOptions
{
    /// <summary>Gets the default options.</summary>
    public static SyntheticImageFolderOptions Default { get; } = new();

    /// <summary>Gets the number of images, over all classes.</summary>
    /// <value>The default is 2,000.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Images
    {
        get;
        init => field = AtLeast(1, value, nameof(Images));
    } = 2000;

    /// <summary>Gets the number of images to make besides for validation. With any, the folder has the ImageNet layout: <c>train</c> and
    /// <c>val</c>,
    /// each a folder of classes.</summary>
    /// <value>The default is 0: the folder is a folder of classes.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int ValidationImages
    {
        get;
        init => field = AtLeast(0, value, nameof(ValidationImages));
    }

    /// <summary>Gets the number of classes: the first so many of <see cref="SyntheticShape"/>.</summary>
    /// <value>The default is 10.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1 or above the number of shapes.</exception>
    public int Classes
    {
        get;
        init
        {
            var shapes = Enum.GetValues<SyntheticShape>().Length;
            if (value > shapes)
            {
                throw new ArgumentOutOfRangeException(nameof(Classes), $"There are {shapes} shapes, so there cannot be {value} classes.");
            }

            field = AtLeast(1, value, nameof(Classes));
        }
    } = 10;

    /// <summary>Gets the random seed.</summary>
    /// <value>The default is 0.</value>
    public long Seed { get; init; }

    /// <summary>Gets the minimum width and height, in pixels.</summary>
    /// <value>The default is 160.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 8.</exception>
    public int MinimumSize
    {
        get;
        init => field = AtLeast(8, value, nameof(MinimumSize));
    } = 160;

    /// <summary>Gets the maximum width and height, in pixels.</summary>
    /// <value>The default is 400.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 8 or above 16,384.</exception>
    public int MaximumSize
    {
        get;
        init
        {
            if (value > 16_384)
            {
                throw new ArgumentOutOfRangeException(nameof(MaximumSize), $"{value} pixels are too many: the limit is 16384.");
            }

            field = AtLeast(8, value, nameof(MaximumSize));
        }
    } = 400;

    /// <summary>Gets how strongly color tells the class, from 0 (not at all) to 1: the share of images whose shape has its class's own
    /// hue.
    /// Things in photographs have typical colors too; it lets small models learn from few images.</summary>
    /// <value>The default is 0.5.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to 1.</exception>
    public float ClassColor
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(ClassColor), "The share of images in their class's color goes from 0 to 1.");
    } = 0.5f;

    /// <summary>Gets the quality of the JPEG files, from 1 to 100.</summary>
    /// <value>The default is 90.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 1 to 100.</exception>
    public int Quality
    {
        get;
        init => field = value <= 100 ? AtLeast(1, value, nameof(Quality))
            : throw new ArgumentOutOfRangeException(nameof(Quality), "Quality goes from 1 to 100.");
    } = 90;

    /// <summary>Gets whether to store raw pixels (<see cref="RawImage"/>, files <c>.pil</c>) instead of JPEG files.</summary>
    /// <value>The default is <see langword="true"/> only where the machine has no libturbojpeg.</value>
    public bool RawPixels { get; init; } = !JpegEncoder.IsAvailable;

    /// <summary>Gets whether the folders of the classes may exist already; they are deleted then.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Overwrite { get; init; }

    /// <summary>Gets how many images are made at a time.</summary>
    /// <value>The default is the number of processors.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Workers
    {
        get;
        init => field = AtLeast(1, value, nameof(Workers));
    } = Environment.ProcessorCount;

    private static int AtLeast(int minimum, int value, string name) =>
        value >= minimum ? value : throw new ArgumentOutOfRangeException(name, $"{name} must be at least {minimum}, not {value}.");
}
