// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using TorchStreaming.Imaging;

namespace TorchStreaming.Benchmarks.Kernels;

/// <summary>An image file of 500 by 375 pixels.</summary>
public abstract class DecodeKernels : IDisposable
{
    /// <summary>The width of the image.</summary>
    protected const int Width = 500;

    /// <summary>The height of the image.</summary>
    protected const int Height = 375;

    private readonly byte[] _encoded;
    private readonly IImageDecoder _decoder;
    private readonly byte[] _pixels = new byte[Width * Height * 4];

    /// <summary>Prepares the decoder.</summary>
    /// <param name="factory">What makes it.</param>
    /// <param name="encoded">The file.</param>
    private protected DecodeKernels(IImageDecoderFactory factory, byte[] encoded)
    {
        _encoded = encoded;
        _decoder = factory.Create(ImageDecoderOptions.Default);
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _decoder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Decodes the image, no smaller than a scale.</summary>
    protected void Decode(double minimumScale)
    {
        _decoder.TryReadInfo(_encoded, out var info);
        var plan = _decoder.Plan(_encoded, info, new PixelRectangle(0, 0, info.Width, info.Height), minimumScale);
        _decoder.Decode(_encoded, plan, _pixels.AsSpan(0, (int)plan.Size));
    }
}
