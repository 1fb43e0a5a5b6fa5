// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>An image that is worked on: R, G, B of each pixel, row by row. What is not done in place is written to a second buffer, and
/// the two change places. One thread.</summary>
internal sealed class PixelCanvas : IDisposable
{
    private ScratchBuffer _front = new();
    private ScratchBuffer _back = new();

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>Gets the pixels.</summary>
    public Span<byte> Pixels => _front.Get((long)Width * Height * 3);

    /// <summary>Makes room for an image; what its pixels are is undefined.</summary>
    public Span<byte> Begin(int width, int height)
    {
        (Width, Height) = (width, height);
        return Pixels;
    }

    /// <summary>Gets room for what the image becomes; its pixels are undefined until written, and then <see cref="Turn"/>.</summary>
    public Span<byte> GetBack(int width, int height) => _back.Get((long)width * height * 3);

    /// <summary>Makes what was written to <see cref="GetBack"/> the image.</summary>
    public void Turn(int width, int height)
    {
        (_front, _back) = (_back, _front);
        (Width, Height) = (width, height);
    }

    public void Dispose()
    {
        _front.Dispose();
        _back.Dispose();
    }
}
