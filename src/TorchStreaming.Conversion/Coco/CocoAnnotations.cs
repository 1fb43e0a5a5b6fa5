// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>What a file of COCO's annotations says about boxes. Outlines, which make most of such a file, are passed over.</summary>
internal sealed class CocoAnnotations
{
    /// <summary>The class that no box has; categories are numbered from 1.</summary>
    private const string Background = "background";

    private readonly Dictionary<long, int> _labels;

    private CocoAnnotations(ImmutableArray<CocoImage> images, ImmutableArray<string> classes, Dictionary<long, int> labels)
    {
        Images = images;
        Classes = classes;
        _labels = labels;
    }

    /// <summary>Gets the images that have a box, in the order of the file.</summary>
    public ImmutableArray<CocoImage> Images { get; }

    /// <summary>Gets the names of the classes by label.</summary>
    public ImmutableArray<string> Classes { get; }

    /// <summary>Gets the label of a category: its place in the file, from 1.</summary>
    public int LabelOf(long category) => _labels[category];

    /// <summary>Reads a file.</summary>
    /// <exception cref="StorageException">The file does not exist or cannot be read.</exception>
    /// <exception cref="SampleDecodeException">The file is damaged, or what it says does not fit together.</exception>
    public static CocoAnnotations Read(string path)
    {
        using var parser = new CocoParser(path);
        parser.Read();
        var labels = Number(path, parser.Categories);
        var images = new Dictionary<long, CocoImage>(parser.Images.Count);
        foreach (var image in parser.Images)
        {
            if (!images.TryAdd(image.Id, image))
            {
                throw Fail(path, $"image {Text(image.Id)} is listed twice, as '{images[image.Id].FileName}' and '{image.FileName}'.");
            }
        }

        var seen = new HashSet<long>(parser.Boxes.Count);
        foreach (var (image, box) in parser.Boxes)
        {
            var problem = !seen.Add(box.Annotation) ? "is listed twice"
                : !labels.ContainsKey(box.Category) ? $"has category {Text(box.Category)}, which the file does not list"
                : !images.TryGetValue(image, out var owner) ? $"belongs to image {Text(image)}, which the file does not list"
                : Add(owner, box);
            if (problem is not null)
            {
                throw Fail(path, $"annotation {Text(box.Annotation)} {problem}.");
            }
        }

        return new CocoAnnotations(
            [.. parser.Images.Where(static image => image.Boxes.Count > 0)],
            [Background, .. parser.Categories.Select(static category => category.Name)],
            labels);
    }

    private static Dictionary<long, int> Number(string path, List<(long Id, string Name)> categories)
    {
        var labels = new Dictionary<long, int>();
        foreach (var (id, name) in categories)
        {
            if (!labels.TryAdd(id, labels.Count + 1))
            {
                throw Fail(path, $"category {Text(id)} is listed twice, the second time as '{name}'.");
            }
        }

        return labels;
    }

    private static string? Add(CocoImage image, CocoBox box)
    {
        image.Boxes.Add(box);
        return null;
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static SampleDecodeException Fail(string path, string problem) =>
        new(new ShardLocation(path), -1, $"{problem} Repair the file, or get it again.");
}
