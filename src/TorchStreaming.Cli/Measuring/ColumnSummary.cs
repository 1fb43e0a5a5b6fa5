// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Shards;

namespace TorchStreaming.Cli;

/// <summary>What the values of a column are like: their sizes, and what the encoding lets one say more.</summary>
internal sealed class ColumnSummary
{
    /// <summary>A column with more different values than this has no classes.</summary>
    public const int MostClasses = 1000;

    private readonly SortedDictionary<double, long> _classes = [];
    private bool _hasClasses = true;

    /// <summary>Creates an empty summary.</summary>
    /// <param name="column">The column.</param>
    public ColumnSummary(ShardColumn column) => Column = column;

    /// <summary>Gets the column.</summary>
    public ShardColumn Column { get; }

    /// <summary>Gets the encoded sizes in bytes.</summary>
    public Moments Sizes { get; } = new();

    /// <summary>Gets every encoded size, for a histogram.</summary>
    public List<double> AllSizes { get; } = [];

    /// <summary>Gets the values of a column of numbers; empty for others.</summary>
    public Moments Numbers { get; } = new();

    /// <summary>Gets every number, for a histogram.</summary>
    public List<double> AllNumbers { get; } = [];

    /// <summary>Gets how many elements the arrays of a column of arrays have.</summary>
    public Moments Lengths { get; } = new();

    /// <summary>Gets every length of an array, for a histogram.</summary>
    public List<double> AllLengths { get; } = [];

    /// <summary>Gets the elements of arrays; those that are not finite are left out.</summary>
    public Moments Elements { get; } = new();

    /// <summary>Gets the widths of images in pixels.</summary>
    public Moments Widths { get; } = new();

    /// <summary>Gets every width and height, for a histogram.</summary>
    public List<(double Width, double Height)> AllExtents { get; } = [];

    /// <summary>Gets the heights of images in pixels.</summary>
    public Moments Heights { get; } = new();

    /// <summary>Gets the red, green and blue values of images, from 0 to 1, each image counting alike.</summary>
    public Moments[] Channels { get; } = [new(), new(), new()];

    /// <summary>Gets how many images could not be decoded.</summary>
    public long DamagedImages { get; set; }

    /// <summary>Gets how often each value occurs where the column holds whole numbers of few kinds; otherwise <see langword="null"/>.</summary>
    public IReadOnlyDictionary<double, long>? Classes => _hasClasses && Numbers.Count > 0 ? _classes : null;

    /// <summary>Adds a value.</summary>
    /// <param name="size">Its encoded size in bytes.</param>
    /// <param name="value">The decoded value.</param>
    public void Add(int size, object value)
    {
        Sizes.Add(size);
        AllSizes.Add(size);
        if (value is Blob { Array: { } array })
        {
            AddArray(array);
            return;
        }

        if (value is not (sbyte or byte or short or ushort or int or uint or long or ulong or Half or float or double))
        {
            return;
        }

        var number = value is Half half ? (double)half : Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number))
        {
            return;
        }

        Numbers.Add(number);
        AllNumbers.Add(number);
        _hasClasses &= double.IsInteger(number) && (_classes.Count < MostClasses || _classes.ContainsKey(number));
        if (_hasClasses)
        {
            _classes[number] = _classes.GetValueOrDefault(number) + 1;
        }
    }
    /// <summary>Adds the size of an image.</summary>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    public void AddExtent(int width, int height)
    {
        Widths.Add(width);
        Heights.Add(height);
        AllExtents.Add((width, height));
    }

    private void AddArray(NdArray array)
    {
        var elements = ArrayValues.Read(array);
        Lengths.Add(elements.Length);
        AllLengths.Add(elements.Length);
        foreach (var element in elements.Where(double.IsFinite))
        {
            Elements.Add(element);
        }
    }
}
