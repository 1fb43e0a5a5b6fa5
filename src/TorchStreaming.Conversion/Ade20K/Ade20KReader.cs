// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming.Imaging;

namespace TorchStreaming.Conversion;

/// <summary>Reads images of ADE20K with their label maps and checks both. One thread at a time.</summary>
internal sealed class Ade20KReader(Ade20KFolder source) : RawReader
{
    private readonly CheckedImageFile _image = new(ImageFormat.Jpeg);
    private readonly CheckedImageFile _map = new(ImageFormat.Png);

    /// <inheritdoc/>
    public override RawSample Read(RawItem item)
    {
        var (uid, imagePath, image, mapPath, map) = source.Find(item.Number);
        if (_image.Read(imagePath, image.Bytes) is { } imageProblem)
        {
            return RawSample.Refuse(new RefusedItem(imagePath, image.Path, imageProblem));
        }

        return _map.Read(mapPath, map.Bytes) is { } mapProblem
            ? RawSample.Refuse(new RefusedItem(mapPath, map.Path, mapProblem))
            : RawSample.Pack(source.Columns, Encoding.UTF8.GetBytes(uid), _image.Content, _map.Content);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _image.Dispose();
        _map.Dispose();
        base.Dispose();
    }
}
