// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Conversion;

/// <summary>An image as the sample that it becomes, in rented memory, or the reason why it becomes none.</summary>
internal readonly struct ImageSample
{
    private readonly byte[]? _rented;
    private readonly int _length;

    private ImageSample(byte[]? rented, int length, SkippedImage? skipped) => (_rented, _length, Skipped) = (rented, length, skipped);

    /// <summary>Gets the file that is left out, or <see langword="null"/>.</summary>
    public SkippedImage? Skipped { get; }

    /// <summary>Gets the encoded sample.</summary>
    public ReadOnlySpan<byte> Bytes => _rented.AsSpan(0, _length);

    /// <summary>Creates a sample; the memory goes over to it.</summary>
    public static ImageSample Of(byte[] rented, int length) => new(rented, length, null);

    /// <summary>Creates the trace of a file that is left out.</summary>
    public static ImageSample LeftOut(SkippedImage skipped) => new(null, 0, skipped);

    /// <summary>Gives the memory back; once.</summary>
    public void Return()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
