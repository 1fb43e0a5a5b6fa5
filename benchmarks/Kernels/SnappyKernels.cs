// SPDX-License-Identifier: MIT

using System.Text;
using BenchmarkDotNet.Attributes;
using TorchStreaming.Benchmarks.Writing;
using TorchStreaming.Shards;
using TorchStreaming.TestKit;

namespace TorchStreaming.Benchmarks.Kernels;

/// <summary>Snappy, which works on a shard as a whole, on a megabyte.</summary>
public class SnappyKernels
{
    private const string Text = "text";
    private const int Length = 1 << 20;

    private readonly MemoryStream _output = new(2 * Length);
    private byte[] _bytes = [];
    private byte[] _block = [];

    /// <summary>Gets the kinds of content.</summary>
    public static IEnumerable<string> Contents => [Text, "noise"];

    /// <summary>Gets or sets the kind of content.</summary>
    [ParamsSource(nameof(Contents))]
    public string Content { get; set; } = "";

    /// <summary>Makes the content, and a block to decompress.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _bytes = Content == Text ? Encoding.UTF8.GetBytes(string.Concat(Texts.Create()))[..Length] : TestImages.MakeNoise(Length);
        Compress();
        _block = _output.GetBuffer()[..(int)_output.Position];
    }

    /// <summary>Compresses, with a buffer for a block of 64 KiB.</summary>
    [Benchmark]
    [Allocates(100_000)]
    public void Compress()
    {
        _output.Position = 0;
        SnappyBlock.Compress(_bytes, _output);
    }

    /// <summary>Decompresses into memory of its own.</summary>
    [Benchmark]
    [Allocates(Length + 1024)]
    public void Decompress() => SnappyBlock.Decompress(_block);
}
