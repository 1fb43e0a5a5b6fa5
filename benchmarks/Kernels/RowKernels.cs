// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using TorchStreaming.Imaging;
using TorchStreaming.TestKit;
using TorchStreaming.Transforms;

namespace TorchStreaming.Benchmarks.Kernels;

/// <summary>Rows of 500 pixels: resampled to 224, and made numbers.</summary>
public class RowKernels
{
    private const int Width = 500;
    private const int Height = 8;
    private const int Side = 224;

    private readonly byte[] _pixels = TestImages.MakeRgb(Width, Height);
    private readonly ResampleAxis _axis = new();
    private readonly PixelOutput _output = PixelOutput.Create(PixelType.Float32, channelsLast: false, ImageNet.Mean, ImageNet.Std);
    private readonly byte[] _row = new byte[Width * 3];
    private readonly byte[] _numbers = new byte[Width * Height * 3 * sizeof(float)];

    /// <summary>Computes the weights.</summary>
    public RowKernels() => _axis.Prepare(new ResampleSource(Width, 0, Width), Side, 0, Side, reversed: false);

    /// <summary>Resamples a row.</summary>
    [Benchmark]
    public void Resample() => Resampler.ResampleRow(_pixels, 0, 3, _axis, _row.AsSpan(0, Side * 3));

    /// <summary>Combines four rows into one.</summary>
    [Benchmark]
    public void Combine() => Resampler.CombineRows(_pixels, Width * 3, _axis.GetWeights(Side / 2)[..4], _row);

    /// <summary>Normalizes a row and splits its channels.</summary>
    [Benchmark]
    public void Normalize() => _output.WriteRow(_pixels.AsSpan(0, Width * 3), 0, Height, _numbers);
}
