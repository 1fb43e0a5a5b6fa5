// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchSharp;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Mixes the samples of a batch with each other, images and labels alike. Immutable and thread-safe.</summary>
/// <remarks>Sample k is mixed with sample k - 1, the first with the last. The random numbers depend on seed, epoch and the batch's first
/// sample alone (<see cref="SampleRandom"/>). It runs where the tensors are, on a GPU say.</remarks>
/// <example><code>
/// var mix = BatchMix.OneOf(BatchMix.MixUp(1000, 0.2), BatchMix.CutMix(1000));
/// foreach (var batch in loader) { var (x, y) = mix.Apply(batch); var loss = cross_entropy(model.forward(x), y); }
/// </code></example>
public sealed class BatchMix
{
    // The place of the random numbers; columns of samples have places from 0 on.
    private const long Place = long.MinValue;

    private readonly BatchMix[] _choices = [];
    private readonly int _classes;
    private readonly double _alpha;
    private readonly bool _isCut;

    private BatchMix(int classes, double alpha, bool isCut)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (!(alpha > 0 && double.IsFinite(alpha)))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The parameter of a beta distribution is above 0.");
        }

        (_classes, _alpha, _isCut) = (classes, alpha, isCut);
    }

    private BatchMix(BatchMix[] choices) => _choices = choices;

    /// <summary>Adds images up: share λ of each and 1 - λ of its partner (Zhang et al., "mixup", 2017).</summary>
    /// <param name="classes">How many classes there are, at least 1.</param>
    /// <param name="alpha">λ is drawn from the beta distribution with this parameter, above 0, twice.</param>
    /// <returns>The mix.</returns>
    /// <remarks>Mirrors <c>torchvision.transforms.v2.MixUp(alpha, num_classes)</c>, from other random numbers.</remarks>
    public static BatchMix MixUp(int classes, double alpha = 1) => new(classes, alpha, isCut: false);

    /// <summary>Puts a rectangle of its partner into each image, labels in proportion to the areas (Yun et al., "CutMix", 2019).</summary>
    /// <param name="classes">How many classes there are, at least 1.</param>
    /// <param name="alpha">The image's share is drawn from the beta distribution with this parameter, above 0, twice.</param>
    /// <returns>The mix.</returns>
    /// <remarks>Mirrors <c>torchvision.transforms.v2.CutMix(alpha, num_classes)</c>, from other random numbers.</remarks>
    public static BatchMix CutMix(int classes, double alpha = 1) => new(classes, alpha, isCut: true);

    /// <summary>Takes one of several mixes for each batch, each as likely as the others.</summary>
    /// <param name="choices">The mixes, at least one.</param>
    /// <returns>The mix.</returns>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static BatchMix OneOf(params BatchMix[] choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return choices.Length > 0
            ? new BatchMix([.. choices])
            : throw new ArgumentException("There is nothing to choose from.", nameof(choices));
    }

    /// <summary>Mixes a batch.</summary>
    /// <param name="batch">The batch; it is not changed.</param>
    /// <param name="image">The name of the images.</param>
    /// <param name="target">The name of the labels.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>New tensors, as <see cref="Apply(Tensor, Tensor, TransformContext)"/> makes them.</returns>
    public (Tensor X, Tensor Y) Apply(TensorBatch batch, string image = "x", string target = "y", long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Apply(batch[image], batch[target], new TransformContext(seed, batch.Epoch, batch.SampleIds[0]));
    }

    /// <summary>Mixes images and labels.</summary>
    /// <param name="x">The images: floating-point numbers of shape [batch, …, height, width].</param>
    /// <param name="y">The labels: classes of shape [batch], or numbers per class of shape [batch, classes], such as
    /// <see cref="OneHotColumn"/> makes.</param>
    /// <param name="context">What the random numbers depend on.</param>
    /// <returns>New tensors: images of the same shape and numbers per class of shape [batch, classes]. They belong to the current dispose
    /// scope, otherwise to the caller.</returns>
    /// <exception cref="ArgumentException">Shapes or types are others.</exception>
    public (Tensor X, Tensor Y) Apply(Tensor x, Tensor y, TransformContext context)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var random = new SampleRandom(context, Place);
        var mix = this;
        while (mix._choices.Length > 0)
        {
            mix = mix._choices[random.NextInt32(mix._choices.Length)];
        }

        if (!x.is_floating_point() || x.dim() < 3 || y.shape[0] != x.shape[0])
        {
            throw new ArgumentException(
                $"Images are floating-point numbers [batch, …, height, width] with a label each, not {x.dtype} "
                + $"[{string.Join(", ", x.shape)}] with [{string.Join(", ", y.shape)}].",
                nameof(x));
        }

        return mix.Run(x, y, ref random);
    }

    /// <inheritdoc/>
    public override string ToString() => _choices.Length > 0
        ? $"one of {string.Join(", ", _choices.AsEnumerable())}"
        : string.Create(CultureInfo.InvariantCulture, $"{(_isCut ? nameof(CutMix) : nameof(MixUp))} of {_classes} classes, alpha {_alpha}");

    private (Tensor X, Tensor Y) Run(Tensor x, Tensor y, ref SampleRandom random)
    {
        var share = BetaDistribution.Draw(ref random, _alpha);
        using var scope = NewDisposeScope();
        var partner = x.roll(1, 0);
        Tensor mixed;
        if (_isCut)
        {
            mixed = x.clone();
            share = Cut(mixed, partner, share, ref random);
        }
        else
        {
            mixed = x.mul(share).add_(partner.mul_(1 - share));
        }

        var labels = ToNumbers(y, x.dtype);
        var mixedLabels = labels.mul(share).add_(labels.roll(1, 0).mul_(1 - share));
        return (mixed.MoveToOuterDisposeScope(), mixedLabels.MoveToOuterDisposeScope());
    }

    /// <summary>Copies a random rectangle, and tells what share of the image stays.</summary>
    private static double Cut(Tensor target, Tensor partner, double share, ref SampleRandom random)
    {
        var (height, width) = ((int)target.shape[^2], (int)target.shape[^1]);
        var (x, y) = (random.NextInt32(width), random.NextInt32(height));
        var half = 0.5 * Math.Sqrt(1 - share);
        var (left, right) = (Math.Max(x - (int)(half * width), 0), Math.Min(x + (int)(half * width), width));
        var (top, bottom) = (Math.Max(y - (int)(half * height), 0), Math.Min(y + (int)(half * height), height));
        TensorIndex[] part = [TensorIndex.Ellipsis, TensorIndex.Slice(top, bottom), TensorIndex.Slice(left, right)];
        target[part].copy_(partner[part]);
        return 1 - ((double)(right - left) * (bottom - top) / ((double)width * height));
    }

    private Tensor ToNumbers(Tensor y, ScalarType type)
    {
        if (y.dim() == 1 && y.dtype == ScalarType.Int64)
        {
            return nn.functional.one_hot(y, _classes).to(type);
        }

        return y.dim() == 2 && y.shape[1] == _classes && y.is_floating_point()
            ? y.to(type)
            : throw new ArgumentException(
                $"Labels are classes [batch] or numbers [batch, {_classes}], not {y.dtype} [{string.Join(", ", y.shape)}].", nameof(y));
    }
}
