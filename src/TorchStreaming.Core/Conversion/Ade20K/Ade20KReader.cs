// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Text;
using TorchStreaming.Imaging;

namespace TorchStreaming.Conversion;

/// <summary>Reads images of ADE20K with their label maps and checks both. One thread at a time.</summary>
internal sealed class Ade20KReader(Ade20KFolder source) : RawReader
{
    private readonly ImageCheck _images = new(ImageFormat.Jpeg);
    private readonly ImageCheck _maps = new(ImageFormat.Png);

    /// <inheritdoc/>
    public override RawSample Read(RawItem item)
    {
        var (uid, imagePath, image, mapPath, map) = source.Find(item.Number);
        byte[]? x = null;
        byte[]? y = null;
        try
        {
            if (TryRead(imagePath, image, _images, out x) is { } imageProblem)
            {
                return RawSample.Refuse(new RefusedItem(imagePath, image.Path, imageProblem));
            }

            if (TryRead(mapPath, map, _maps, out y) is { } mapProblem)
            {
                return RawSample.Refuse(new RefusedItem(mapPath, map.Path, mapProblem));
            }

            return RawSample.Pack(
                source.Columns, Encoding.UTF8.GetBytes(uid), x.AsMemory(0, (int)image.Bytes), y.AsMemory(0, (int)map.Bytes));
        }
        finally
        {
            Return(x);
            Return(y);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _images.Dispose();
        _maps.Dispose();
        base.Dispose();
    }

    private static string? TryRead(string path, ListedFile file, ImageCheck check, out byte[]? content)
    {
        content = null;
        if (RawFile.FindProblem(file.Bytes) is { } problem)
        {
            return problem;
        }

        content = RawFile.Read(path, (int)file.Bytes);
        try
        {
            return check.Find(content.AsSpan(0, (int)file.Bytes));
        }
        catch (ImageDecodeException exception)
        {
            return exception.Message;
        }
    }

    private static void Return(byte[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
