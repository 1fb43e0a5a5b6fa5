// SPDX-License-Identifier: MIT

namespace TorchStreaming.Imaging;

/// <summary>What a byte of each channel becomes: <c>(value/255 - mean)/deviation</c> in single precision, each operation rounded, as torchvision's
/// <c>to_tensor</c> and <c>normalize</c> compute it.</summary>
internal sealed class ChannelScaling
{
    public const int Channels = 3;

    private readonly float[] _table = new float[Channels * 256];

    /// <summary>Creates the scaling.</summary>
    /// <param name="mean">The mean of each channel; empty for none.</param>
    /// <param name="deviation">The deviation of each channel; empty for none.</param>
    public ChannelScaling(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        Mean = mean.IsEmpty ? [0, 0, 0] : mean.ToArray();
        Deviation = deviation.IsEmpty ? [1, 1, 1] : deviation.ToArray();
        for (var i = 0; i < _table.Length; i++)
        {
            _table[i] = ((i & 255) / 255f - Mean[i >> 8]) / Deviation[i >> 8];
        }
    }

    /// <summary>Gets the mean of each channel.</summary>
    public float[] Mean { get; }

    /// <summary>Gets the deviation of each channel.</summary>
    public float[] Deviation { get; }

    /// <summary>Gets what each of the 256 bytes becomes, channel after channel.</summary>
    public ReadOnlySpan<float> Table => _table;
}
