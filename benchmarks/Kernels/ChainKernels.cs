// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using TorchStreaming.Transforms;

namespace TorchStreaming.Benchmarks.Kernels;

/// <summary>Chains of transforms from an image of 500 by 375 pixels to one of 224 by 224.</summary>
/// <param name="encoded">The image.</param>
public abstract class ChainKernels(byte[] encoded) : IDisposable
{
    /// <summary>The width of the image.</summary>
    protected const int Width = 500;

    /// <summary>The height of the image.</summary>
    protected const int Height = 375;

    private const int Side = 224;

    /// <summary>After so many samples random choices repeat.</summary>
    private const int Samples = 64;

    private readonly byte[] _output = new byte[Side * Side * 3 * sizeof(float)];
    private readonly ImageTransformWorker _resizing = new(ImageTransform.Resize(Side, Side));
    private readonly ImageTransformWorker _training =
        new(ImageTransform.RandomResizedCrop(Side).RandomHorizontalFlip().Normalize(ImageNet.Mean, ImageNet.Std));

    private readonly ImageTransformWorker _augmentation =
        new(ImageTransform.RandomCrop(Side).ColorJitter(0.4, 0.4, 0.4, 0.1).RandAugment().RandomErasing());

    private long _sample;

    /// <summary>Resizes.</summary>
    [Benchmark]
    public void Resize() => Render(_resizing);

    /// <summary>Crops, resizes, mirrors and normalizes as for training on ImageNet.</summary>
    [Benchmark]
    public void Train() => Render(_training);

    /// <summary>Crops, jitters colors, augments at random and erases.</summary>
    [Benchmark]
    public void Augment() => Render(_augmentation);

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _resizing.Dispose();
        _training.Dispose();
        _augmentation.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Render(ImageTransformWorker worker) =>
        worker.Render(encoded, worker.Prepare(encoded, new TransformContext(1, 0, _sample++ % Samples)), _output);
}
