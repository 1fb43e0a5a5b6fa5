// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>Which input pixels make each output pixel along one axis, with which weights: one of Pillow's filters, widened by the
/// reduction, in Pillow's fixed-point numbers of <see cref="PrecisionBits"/> bits (<c>precompute_coeffs</c> and
/// <c>normalize_coeffs_8bpc</c> of Pillow's Resample.c).</summary>
/// <remarks>Reusable: the arrays grow to the largest axis.</remarks>
internal sealed class ResampleAxis
{
    public const int PrecisionBits = 32 - 8 - 2;

    /// <summary>How many bits of a weight are in the lower half of a packed weight.</summary>
    public const int PackedLowBits = 11;

    /// <summary>How many input pixels a block of packed weights stands for.</summary>
    public const int PackedTaps = 4;

    private int[] _starts = [];
    private int[] _counts = [];
    private int[] _weights = [];
    private int[] _packed = [];
    private double[] _exact = [];
    private int _stride;
    private int _packedStride;

    /// <summary>Gets how many output pixels there are.</summary>
    public int Length { get; private set; }

    /// <summary>Gets the first input pixel that is used.</summary>
    public int First { get; private set; }

    /// <summary>Gets the end of the input pixels that are used.</summary>
    public int End { get; private set; }

    /// <summary>Gets the first input pixel of an output pixel.</summary>
    public int GetStart(int index) => _starts[index];

    /// <summary>Gets the weights of an output pixel; they stand for its input pixels from <see cref="GetStart"/> on.</summary>
    public ReadOnlySpan<int> GetWeights(int index) => _weights.AsSpan(index * _stride, _counts[index]);

    /// <summary>Gets the weights of an output pixel for vectors that multiply 16-bit numbers and add neighbors: each block of four numbers
    /// stands for four input pixels and holds, each packed as two 16-bit halves, the upper parts of the first two weights, their lower
    /// parts, and the same of the other two.</summary>
    public ReadOnlySpan<int> GetPackedWeights(int index) =>
        _packed.AsSpan(index * _packedStride, (_counts[index] + PackedTaps - 1) / PackedTaps * PackedTaps);

    /// <summary>Computes the weights.</summary>
    /// <param name="source">The input: its size in pixels, and the part of it that is resampled.</param>
    /// <param name="outputSize">The size that the part is resampled to.</param>
    /// <param name="windowStart">The first output pixel that is wanted.</param>
    /// <param name="windowEnd">The end of the output pixels that are wanted.</param>
    /// <param name="reversed">Whether the output pixels are wanted in reverse order.</param>
    /// <param name="interpolation">The filter.</param>
    public void Prepare(
        in ResampleSource source,
        int outputSize,
        int windowStart,
        int windowEnd,
        bool reversed,
        ImageInterpolation interpolation = ImageInterpolation.Bilinear)
    {
        var scale = source.Length / outputSize;
        var filterScale = Math.Max(scale, 1.0);
        var taps = Math.Min((int)Math.Ceiling(ResampleFilter.GetSupport(interpolation) * filterScale) * 2 + 1, source.Size);
        Length = windowEnd - windowStart;
        Reserve(Length, taps);
        (First, End) = (source.Size, 0);
        var identity = source.IsWhole && outputSize == source.Size;

        // Pillow adds step to step, rounding each sum, which decides on which side of a border between pixels a center falls.
        var nearest = source.Low + (scale * 0.5);
        for (var i = 0; i < windowStart && interpolation == ImageInterpolation.Nearest; i++)
        {
            nearest += scale;
        }

        for (var i = 0; i < Length; i++)
        {
            var output = windowStart + i;
            var index = reversed ? Length - 1 - i : i;
            if (identity)
            {
                (_starts[index], _counts[index], _weights[index * _stride]) = (output, 1, 1 << PrecisionBits);
            }
            else if (interpolation == ImageInterpolation.Nearest)
            {
                (_starts[index], _counts[index], _weights[index * _stride]) = (
                    Math.Clamp((int)nearest, 0, source.Size - 1), 1, 1 << PrecisionBits);
                nearest += scale;
            }
            else
            {
                ComputeWeights(source, source.Low + ((output + 0.5) * scale), filterScale, index, interpolation);
            }

            Pack(index);
            First = Math.Min(First, _starts[index]);
            End = Math.Max(End, _starts[index] + _counts[index]);
        }
    }

    private void ComputeWeights(
        in ResampleSource source, double center, double filterScale, int index, ImageInterpolation interpolation)
    {
        var support = ResampleFilter.GetSupport(interpolation) * filterScale;
        var start = Math.Max((int)(center - support + 0.5), 0);
        var count = Math.Min((int)(center + support + 0.5), source.Size) - start;
        var inverse = 1.0 / filterScale;
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            var weight = ResampleFilter.GetWeight(interpolation, (i + start - center + 0.5) * inverse);
            _exact[i] = weight;
            sum += weight;
        }

        var weights = _weights.AsSpan(index * _stride, _stride);
        for (var i = 0; i < count; i++)
        {
            var weight = (sum != 0 ? _exact[i] / sum : _exact[i]) * (1 << PrecisionBits);
            weights[i] = (int)(weight < 0 ? weight - 0.5 : weight + 0.5);
        }

        // Weights of 0 at the ends change nothing but time.
        while (count > 1 && weights[count - 1] == 0)
        {
            count--;
        }

        (_starts[index], _counts[index]) = (start, count);
    }

    private void Pack(int index)
    {
        const int LowMask = (1 << PackedLowBits) - 1;
        var weights = _weights.AsSpan(index * _stride, _counts[index]);
        var packed = _packed.AsSpan(index * _packedStride, _packedStride);
        for (int i = 0, o = 0; i < weights.Length; i += 2, o += 2)
        {
            var first = weights[i];
            var second = i + 1 < weights.Length ? weights[i + 1] : 0;
            packed[o] = ((first >> PackedLowBits) & 0xFFFF) | (second >> PackedLowBits << 16);
            packed[o + 1] = (first & LowMask) | ((second & LowMask) << 16);
        }

        if (weights.Length % PackedTaps is 1 or 2)
        {
            packed.Slice((weights.Length / PackedTaps * PackedTaps) + 2, 2).Clear();
        }
    }

    private void Reserve(int length, int taps)
    {
        _stride = taps;
        _packedStride = (taps + PackedTaps - 1) / PackedTaps * PackedTaps;
        var weights = checked(length * taps);
        if (_starts.Length < length)
        {
            _starts = new int[length];
            _counts = new int[length];
        }

        if (_weights.Length < weights)
        {
            _weights = new int[weights];
        }

        var packed = checked(length * _packedStride);
        if (_packed.Length < packed)
        {
            _packed = new int[packed];
        }

        if (_exact.Length < taps)
        {
            _exact = new double[taps];
        }
    }
}
