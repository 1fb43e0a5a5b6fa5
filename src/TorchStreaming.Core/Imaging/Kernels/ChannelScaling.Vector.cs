// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TorchStreaming.Imaging;

/// <content>The vectorised scaling. A quotient is found by multiplying with the reciprocal and correcting once with the remainder, which
/// fused multiply-adds give exactly; that this yields the quotient's very bits is checked for each of the 256 bytes when a scaling is made,
/// and where it does not, or where the machine has no fused multiply-add, vectors are divided.</content>
internal sealed partial class ChannelScaling
{
    private const float InverseOf255 = 1 / 255f;

    private static bool HasFusedMultiplyAdd => Vector512.IsHardwareAccelerated || Fma.IsSupported || AdvSimd.IsSupported;

    /// <summary>Scales one vector of one or several channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Scale(
        Vector512<float> values, Vector512<float> mean, Vector512<float> deviation, Vector512<float> inverse, bool isFusedExact)
    {
        if (!isFusedExact)
        {
            return ((values / Vector512.Create(255f)) - mean) / deviation;
        }

        var unit = values * Vector512.Create(InverseOf255);
        var rest = Vector512.FusedMultiplyAdd(-unit, Vector512.Create(255f), values);
        var centerd = Vector512.FusedMultiplyAdd(rest, Vector512.Create(InverseOf255), unit) - mean;
        var scaled = centerd * inverse;
        return Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(-scaled, deviation, centerd), inverse, scaled);
    }

    /// <summary>Scales one vector of one or several channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(
        Vector256<float> values, Vector256<float> mean, Vector256<float> deviation, Vector256<float> inverse, bool isFusedExact)
    {
        if (!isFusedExact)
        {
            return ((values / Vector256.Create(255f)) - mean) / deviation;
        }

        var unit = values * Vector256.Create(InverseOf255);
        var rest = Vector256.FusedMultiplyAdd(-unit, Vector256.Create(255f), values);
        var centerd = Vector256.FusedMultiplyAdd(rest, Vector256.Create(InverseOf255), unit) - mean;
        var scaled = centerd * inverse;
        return Vector256.FusedMultiplyAdd(Vector256.FusedMultiplyAdd(-scaled, deviation, centerd), inverse, scaled);
    }

    /// <summary>Scales one vector of one or several channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Scale(
        Vector128<float> values, Vector128<float> mean, Vector128<float> deviation, Vector128<float> inverse, bool isFusedExact)
    {
        if (!isFusedExact)
        {
            return ((values / Vector128.Create(255f)) - mean) / deviation;
        }

        var unit = values * Vector128.Create(InverseOf255);
        var rest = Vector128.FusedMultiplyAdd(-unit, Vector128.Create(255f), values);
        var centerd = Vector128.FusedMultiplyAdd(rest, Vector128.Create(InverseOf255), unit) - mean;
        var scaled = centerd * inverse;
        return Vector128.FusedMultiplyAdd(Vector128.FusedMultiplyAdd(-scaled, deviation, centerd), inverse, scaled);
    }

    private static bool IsExactWhenFused(ReadOnlySpan<float> table, float mean, float deviation)
    {
        if (!HasFusedMultiplyAdd)
        {
            return false;
        }

        for (var value = 0; value < table.Length; value++)
        {
            var scaled = Scale(
                Vector128.Create((float)value),
                Vector128.Create(mean),
                Vector128.Create(deviation),
                Vector128.Create(1 / deviation),
                isFusedExact: true);
            if (BitConverter.SingleToInt32Bits(scaled.ToScalar()) != BitConverter.SingleToInt32Bits(table[value]))
            {
                return false;
            }
        }

        return true;
    }
}
