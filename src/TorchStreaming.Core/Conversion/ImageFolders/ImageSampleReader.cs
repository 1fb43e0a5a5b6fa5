// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;
using TorchStreaming.Imaging;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Reads the files of an image folder one by one, checks them, scales them down where asked, and encodes them as samples. One
/// thread at a time.</summary>
internal sealed class ImageSampleReader : IDisposable
{
    /// <summary>What stands before the image in a sample: its length, then column i.</summary>
    private const int Head = sizeof(uint) + sizeof(long);

    /// <summary>What stands behind it: column y.</summary>
    private const int Tail = sizeof(long);

    private const long LargestFile = 1 << 30;

    private readonly ConversionPlan _plan;
    private readonly ImageCheck _check;
    private readonly ImageShrinker? _shrinker;

    /// <summary>Creates the reader.</summary>
    public ImageSampleReader(ConversionPlan plan)
    {
        _plan = plan;
        _check = new ImageCheck(plan.RawPixels);
        _shrinker = plan.Options.Resize is { } side ? new ImageShrinker(side, plan.Options.ResizeQuality, plan.RawPixels) : null;
    }

    /// <summary>Reads an image.</summary>
    /// <param name="image">Its number.</param>
    /// <returns>The sample, whose memory the caller returns.</returns>
    /// <exception cref="StorageException">The file cannot be read or has changed since the folder was listed. Never skipped: a disk that
    /// fails is no reason to lose samples.</exception>
    /// <exception cref="SampleDecodeException">The file is damaged or of another format, and such files are not to be skipped.</exception>
    public ImageSample Read(int image)
    {
        var file = _plan.Source.Images[image];
        var path = Path.Combine(_plan.Source.Directory, file.Path.Replace('/', Path.DirectorySeparatorChar));
        var problem = file.Bytes == 0 ? "The file is empty."
            : file.Bytes > LargestFile ? $"The file has {file.Bytes} bytes; more than {LargestFile} are refused." : null;
        if (problem is not null)
        {
            return Refuse(file, path, problem);
        }

        var content = ReadFile(path, (int)file.Bytes);
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
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(sizeof(uint)), image);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(length), file.Label);
        return ImageSample.Of(content, length + Tail);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _check.Dispose();
        _shrinker?.Dispose();
    }

    private ImageSample Refuse(ImageFile file, string path, string problem) => _plan.Options.OnError == ImageErrorPolicy.Skip
        ? ImageSample.LeftOut(new SkippedImage(file.Path, problem))
        : throw new SampleDecodeException(
            new ShardLocation(path), -1, $"{problem} Mend or remove the file, or leave such files out (skip on error).");

    private static byte[] ReadFile(string path, int size)
    {
        var content = ArrayPool<byte>.Shared.Rent(Head + size + Tail);
        try
        {
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            if (RandomAccess.GetLength(file) != size)
            {
                throw new StorageException(
                    StorageErrorKind.PreconditionFailed, path, $"'{path}' has changed since its folder was listed. Run again.");
            }

            for (var done = 0; done < size;)
            {
                var read = RandomAccess.Read(file, content.AsSpan(Head + done, size - done), done);
                done += read > 0
                    ? read
                    : throw new StorageException(StorageErrorKind.PreconditionFailed, path, $"'{path}' got shorter as it was read. Run again.");
            }

            return content;
        }
        catch (Exception exception)
        {
            ArrayPool<byte>.Shared.Return(content);
            if (FileErrors.IsFileError(exception))
            {
                throw FileErrors.ToStorageException(exception, path);
            }

            throw;
        }
    }
}
