// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Benchmarks.Kernels;

/// <summary>A PNG file, by the engine's own decoder.</summary>
public class PngKernels() : DecodeKernels(PngDecoderFactory.Instance, MakeFile())
{
    /// <summary>Decodes the image, with a new stream that inflates.</summary>
    [Benchmark]
    [Allocates(512)]
    public void Decode() => Decode(minimumScale: 1);

    private static byte[] MakeFile()
    {
        using var file = new MemoryStream();
        PngWriter.WriteRgb(file, TestImages.MakeRgb(Width, Height), Width, Height);
        return file.ToArray();
    }
}
