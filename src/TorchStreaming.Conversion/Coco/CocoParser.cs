// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>Takes the three lists out of a file of COCO's annotations, which may come in any order.</summary>
internal ref struct CocoParser(string path) : IDisposable
{
    private JsonFileReader _json = new(path);

    /// <summary>Gets the images.</summary>
    public List<CocoImage> Images { get; } = [];

    /// <summary>Gets the categories.</summary>
    public List<(long Id, string Name)> Categories { get; } = [];

    /// <summary>Gets the boxes with the images they are in.</summary>
    public List<(long Image, CocoBox Box)> Boxes { get; } = [];

    /// <inheritdoc/>
    public readonly void Dispose() => _json.Dispose();

    /// <summary>Reads the file.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    /// <exception cref="SampleDecodeException">The file is damaged or has no such lists.</exception>
    public void Read()
    {
        const int All = 7;
        var found = 0;
        _json.BeginObject("the file");
        while (_json.NextProperty())
        {
            if (_json.IsNamed("images"u8))
            {
                found |= 1;
                ReadImages();
            }
            else if (_json.IsNamed("annotations"u8))
            {
                found |= 2;
                ReadBoxes();
            }
            else if (_json.IsNamed("categories"u8))
            {
                found |= 4;
                ReadCategories();
            }
            else
            {
                _json.SkipValue();
            }
        }

        if (found != All)
        {
            throw _json.Fail("'images', 'annotations' and 'categories' are not all there. Is this a file of COCO's instances?");
        }
    }

    private void ReadImages()
    {
        _json.BeginArray("'images'");
        while (_json.NextObject("an image"))
        {
            long? id = null, height = null, width = null;
            string? name = null;
            while (_json.NextProperty())
            {
                if (_json.IsNamed("id"u8))
                {
                    id = _json.ReadInteger("an image's 'id'");
                }
                else if (_json.IsNamed("file_name"u8))
                {
                    name = _json.ReadText("an image's 'file_name'");
                }
                else if (_json.IsNamed("height"u8))
                {
                    height = _json.ReadInteger("an image's 'height'");
                }
                else if (_json.IsNamed("width"u8))
                {
                    width = _json.ReadInteger("an image's 'width'");
                }
                else
                {
                    _json.SkipValue();
                }
            }

            Images.Add(new CocoImage(
                id ?? throw _json.Fail("an image has no 'id'."),
                name ?? throw _json.Fail($"image {id} has no 'file_name'."),
                height ?? throw _json.Fail($"image {id} has no 'height'."),
                width ?? throw _json.Fail($"image {id} has no 'width'.")));
        }
    }

    private void ReadBoxes()
    {
        _json.BeginArray("'annotations'");
        while (_json.NextObject("an annotation"))
        {
            long? id = null, image = null, category = null;
            (double Left, double Top, double Width, double Height)? box = null;
            while (_json.NextProperty())
            {
                if (_json.IsNamed("id"u8))
                {
                    id = _json.ReadInteger("an annotation's 'id'");
                }
                else if (_json.IsNamed("image_id"u8))
                {
                    image = _json.ReadInteger("an annotation's 'image_id'");
                }
                else if (_json.IsNamed("category_id"u8))
                {
                    category = _json.ReadInteger("an annotation's 'category_id'");
                }
                else if (_json.IsNamed("bbox"u8))
                {
                    box = ReadBox();
                }
                else
                {
                    _json.SkipValue();
                }
            }

            var (left, top, width, height) = box ?? throw _json.Fail($"annotation {id} has no 'bbox'.");
            var number = id ?? throw _json.Fail("an annotation has no 'id'.");
            Boxes.Add((
                image ?? throw _json.Fail($"annotation {id} has no 'image_id'."),
                new CocoBox(number, left, top, width, height, category ?? throw _json.Fail($"annotation {id} has no 'category_id'."))));
        }
    }

    private (double Left, double Top, double Width, double Height) ReadBox()
    {
        const string What = "one of the four numbers of a 'bbox'";
        _json.BeginArray("a 'bbox'");
        var box = (_json.ReadNumber(What), _json.ReadNumber(What), _json.ReadNumber(What), _json.ReadNumber(What));
        _json.EndArray("a 'bbox' has more than four numbers");
        return box;
    }

    private void ReadCategories()
    {
        _json.BeginArray("'categories'");
        while (_json.NextObject("a category"))
        {
            long? id = null;
            string? name = null;
            while (_json.NextProperty())
            {
                if (_json.IsNamed("id"u8))
                {
                    id = _json.ReadInteger("a category's 'id'");
                }
                else if (_json.IsNamed("name"u8))
                {
                    name = _json.ReadText("a category's 'name'");
                }
                else
                {
                    _json.SkipValue();
                }
            }

            Categories.Add((
                id ?? throw _json.Fail("a category has no 'id'."), name ?? throw _json.Fail($"category {id} has no 'name'.")));
        }
    }
}
