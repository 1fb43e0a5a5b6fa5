// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>What a byte of each channel becomes: <c>(value/255 - mean)/deviation</c> in single precision, each operation rounded, as
/// torchvision's <c>to_tensor</c> and <c>normalize</c> compute it. Immutable and thread-safe.</summary>
internal sealed partial class ChannelScaling
{
    public const int Channels = 3;

    // 16 pixels: the minimum length at which the channel pattern and every vector size come round together.
    private const int PatternLength = 48;

    private readonly float[] _table = new float[Channels * 256];
    private readonly ChannelNumbers[] _planes = new ChannelNumbers[Channels];

    /// <summary>Creates the scaling.</summary>
    /// <param name="mean">The mean of each channel; empty for none.</param>
    /// <param name="deviation">The deviation of each channel; empty for none.</param>
    public ChannelScaling(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        IsFusedExact = true;
        for (var channel = 0; channel < Channels; channel++)
        {
            var (m, d) = (mean.IsEmpty ? 0 : mean[channel], deviation.IsEmpty ? 1 : deviation[channel]);
            var table = _table.AsSpan(channel * 256, 256);
            for (var value = 0; value < table.Length; value++)
            {
                table[value] = ((value / 255f) - m) / d;
            }

            _planes[channel] = new ChannelNumbers(m, d, 1 / d, IsExactWhenFused(table, m, d));
            IsFusedExact &= _planes[channel].IsFusedExact;
        }

        for (var i = 0; i < PatternLength; i++)
        {
            MeanPattern[i] = _planes[i % Channels].Mean;
            DeviationPattern[i] = _planes[i % Channels].Deviation;
            InversePattern[i] = _planes[i % Channels].InverseDeviation;
        }
    }

    /// <summary>Gets whether every channel may be scaled without divisions.</summary>
    public bool IsFusedExact { get; }

    /// <summary>Gets the numbers of each channel.</summary>
    public ReadOnlySpan<ChannelNumbers> Planes => _planes;

    /// <summary>Gets what each of the 256 bytes becomes, channel after channel.</summary>
    public ReadOnlySpan<float> Table => _table;

    /// <summary>Gets the means of 16 interleaved pixels.</summary>
    public float[] MeanPattern { get; } = new float[PatternLength];

    /// <summary>Gets the deviations of 16 interleaved pixels.</summary>
    public float[] DeviationPattern { get; } = new float[PatternLength];

    /// <summary>Gets the reciprocals of the deviations of 16 interleaved pixels.</summary>
    public float[] InversePattern { get; } = new float[PatternLength];

    /// <summary>The numbers of one channel.</summary>
    /// <param name="Mean">What is subtracted.</param>
    /// <param name="Deviation">What is divided by.</param>
    /// <param name="InverseDeviation">Its reciprocal.</param>
    /// <param name="IsFusedExact">Whether multiplying and correcting gives the quotient's very bits for every byte.</param>
    public readonly record struct ChannelNumbers(float Mean, float Deviation, float InverseDeviation, bool IsFusedExact);
}
