// SPDX-License-Identifier: MIT

using System.Buffers;
using TorchStreaming.Imaging;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Reads image files of one format whole, and looks at them before they are stored. One file and one thread at a time.</summary>
/// <param name="format">The format that is wanted.</param>
internal sealed class CheckedImageFile(ImageFormat format) : IDisposable
{
    private readonly ImageCheck _check = new(format);
    private byte[]? _rented;
    private int _length;

    /// <summary>Gets the file that was read last; valid until the next one.</summary>
    public ReadOnlyMemory<byte> Content => _rented.AsMemory(0, _length);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="bytes">The size it had when it was listed.</param>
    /// <returns>What is wrong with it, or <see langword="null"/>.</returns>
    /// <exception cref="StorageException">The file cannot be read or has changed.</exception>
    public string? Read(string path, long bytes)
    {
        Return();
        if (RawFile.FindProblem(bytes) is { } problem)
        {
            return problem;
        }

        (_rented, _length) = (RawFile.Read(path, (int)bytes), (int)bytes);
        try
        {
            return _check.Find(Content.Span);
        }
        catch (ImageDecodeException exception)
        {
            return exception.Message;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Return();
        _check.Dispose();
    }

    private void Return()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            (_rented, _length) = (null, 0);
        }
    }
}
