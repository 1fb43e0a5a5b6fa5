// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Benchmarks.Kernels;

/// <summary>A JPEG file, by libturbojpeg.</summary>
public class JpegKernels() : DecodeKernels(TurboJpegDecoderFactory.Instance, TestImages.MakeJpeg(Width, Height))
{
    /// <summary>Decodes the whole image.</summary>
    [Benchmark]
    public void Decode() => Decode(minimumScale: 1);

    /// <summary>Decodes for an output of half the size.</summary>
    [Benchmark]
    public void DecodeForHalf() => Decode(minimumScale: 0.5);
}
