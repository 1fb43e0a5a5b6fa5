// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;
using TorchStreaming.Imaging;

namespace TorchStreaming.Conversion;

/// <summary>Reads the files of an image folder one by one, checks them, scales them down where asked, and encodes them as samples. One
/// thread at a time.</summary>
internal sealed class ImageSampleReader : RawReader
{
    /// <summary>What is before the image in a sample: its length, then column i.</summary>
    private const int Head = sizeof(uint) + sizeof(long);

    /// <summary>What is after it: column y.</summary>
    private const int Tail = sizeof(long);

    private readonly ImageFolder _folder;
    private readonly ImageCheck _check;
    private readonly ImageShrinker? _shrinker;

    /// <summary>Creates the reader.</summary>
    public ImageSampleReader(ImageFolderSource source, ImageFolderConverterOptions options)
    {
        _folder = source.Folder;
        _check = new ImageCheck(source.RawPixels ? ImageFormat.Raw : ImageFormat.Jpeg);
        _shrinker = options.Resize is { } side ? new ImageShrinker(side, options.ResizeQuality, source.RawPixels) : null;
    }

    /// <inheritdoc/>
    public override RawSample Read(RawItem item)
    {
        var file = _folder.Images[item.Number];
        var path = Path.Combine(_folder.Directory, file.Path.Replace('/', Path.DirectorySeparatorChar));
        var problem = RawFile.FindProblem(file.Bytes);
        if (problem is not null)
        {
            return Refuse(file, path, problem);
        }

        var content = RawFile.Read(path, (int)file.Bytes, Head, Tail);
        var length = Head + (int)file.Bytes;
        try
        {
            problem = _check.Find(content.AsSpan(Head, (int)file.Bytes));
            if (problem is null && _shrinker is not null && _shrinker.TryShrink(content.AsSpan(Head, (int)file.Bytes), out var smaller))
            {
                ArrayPool<byte>.Shared.Return(content);
                content = ArrayPool<byte>.Shared.Rent(Head + smaller.Length + Tail);
                smaller.CopyTo(content.AsSpan(Head));
                length = Head + smaller.Length;
            }
        }
        catch (ImageDecodeException exception)
        {
            problem = exception.Message;
        }

        if (problem is not null)
        {
            ArrayPool<byte>.Shared.Return(content);
            return Refuse(file, path, problem);
        }

        BinaryPrimitives.WriteInt32LittleEndian(content, length - Head);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(sizeof(uint)), item.Number);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(length), file.Label);
        return RawSample.Of(content, length + Tail);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _check.Dispose();
        _shrinker?.Dispose();
        base.Dispose();
    }

    private static RawSample Refuse(ImageFile file, string path, string problem) =>
        RawSample.Refuse(new RefusedItem(path, file.Path, problem));
}
