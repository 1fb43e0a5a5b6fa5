// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TorchStreaming.Imaging;

/// <content>The vertical pass, vectorised. It computes the sums of its scalar twin in the same 32-bit integers, so the results are
/// equal.</content>
internal static partial class Resampler
{
    /// <inheritdoc cref="CombineRowsScalar"/>
    /// <remarks>Lanes: one 32-bit sum per byte of the row, as many as the machine's vectors hold.</remarks>
    public static void CombineRows(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> weights, Span<byte> destination)
    {
        source = source[..checked(stride * weights.Length)];
        destination = destination[..stride];
        if (weights.Length == 1 && weights[0] == 1 << ResampleAxis.PrecisionBits)
        {
            source.CopyTo(destination);
        }
        else if (Vector512.IsHardwareAccelerated && stride >= Vector512<byte>.Count)
        {
            CombineRows512(source, stride, weights, destination);
        }
        else if (Vector256.IsHardwareAccelerated && stride >= Vector256<byte>.Count)
        {
            CombineRows256(source, stride, weights, destination);
        }
        else if (Vector128.IsHardwareAccelerated && stride >= Vector128<byte>.Count)
        {
            CombineRows128(source, stride, weights, destination);
        }
        else
        {
            CombineRowsScalar(source, stride, weights, destination);
        }
    }

    internal static void CombineRows512(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> weights, Span<byte> destination)
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        for (var i = 0; i < stride; i += Vector512<byte>.Count)
        {
            // The last vector is moved back to end with the row; bytes that two vectors share are computed twice.
            i = Math.Min(i, stride - Vector512<byte>.Count);
            var (s0, s1, s2, s3) = (Vector512.Create(Half), Vector512.Create(Half), Vector512.Create(Half), Vector512.Create(Half));
            for (var k = 0; k < weights.Length; k++)
            {
                var weight = Vector512.Create(weights[k]);
                var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref from, (nuint)((k * stride) + i)));
                var (p0, p1) = Vector512.Widen(low.AsInt16());
                var (p2, p3) = Vector512.Widen(high.AsInt16());
                s0 += p0 * weight;
                s1 += p1 * weight;
                s2 += p2 * weight;
                s3 += p3 * weight;
            }

            var limit = Vector512.Create(255);
            s0 = Vector512.Clamp(s0 >> ResampleAxis.PrecisionBits, Vector512<int>.Zero, limit);
            s1 = Vector512.Clamp(s1 >> ResampleAxis.PrecisionBits, Vector512<int>.Zero, limit);
            s2 = Vector512.Clamp(s2 >> ResampleAxis.PrecisionBits, Vector512<int>.Zero, limit);
            s3 = Vector512.Clamp(s3 >> ResampleAxis.PrecisionBits, Vector512<int>.Zero, limit);
            var lower = Vector512.Narrow(s0.AsUInt32(), s1.AsUInt32());
            var upper = Vector512.Narrow(s2.AsUInt32(), s3.AsUInt32());
            Vector512.Narrow(lower, upper).CopyTo(destination[i..]);
        }
    }

    internal static void CombineRows256(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> weights, Span<byte> destination)
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        for (var i = 0; i < stride; i += Vector256<byte>.Count)
        {
            i = Math.Min(i, stride - Vector256<byte>.Count);
            var (s0, s1, s2, s3) = (Vector256.Create(Half), Vector256.Create(Half), Vector256.Create(Half), Vector256.Create(Half));
            for (var k = 0; k < weights.Length; k++)
            {
                var weight = Vector256.Create(weights[k]);
                var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref from, (nuint)((k * stride) + i)));
                var (p0, p1) = Vector256.Widen(low.AsInt16());
                var (p2, p3) = Vector256.Widen(high.AsInt16());
                s0 += p0 * weight;
                s1 += p1 * weight;
                s2 += p2 * weight;
                s3 += p3 * weight;
            }

            var limit = Vector256.Create(255);
            s0 = Vector256.Clamp(s0 >> ResampleAxis.PrecisionBits, Vector256<int>.Zero, limit);
            s1 = Vector256.Clamp(s1 >> ResampleAxis.PrecisionBits, Vector256<int>.Zero, limit);
            s2 = Vector256.Clamp(s2 >> ResampleAxis.PrecisionBits, Vector256<int>.Zero, limit);
            s3 = Vector256.Clamp(s3 >> ResampleAxis.PrecisionBits, Vector256<int>.Zero, limit);
            var lower = Vector256.Narrow(s0.AsUInt32(), s1.AsUInt32());
            var upper = Vector256.Narrow(s2.AsUInt32(), s3.AsUInt32());
            Vector256.Narrow(lower, upper).CopyTo(destination[i..]);
        }
    }

    internal static void CombineRows128(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> weights, Span<byte> destination)
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        for (var i = 0; i < stride; i += Vector128<byte>.Count)
        {
            i = Math.Min(i, stride - Vector128<byte>.Count);
            var (s0, s1, s2, s3) = (Vector128.Create(Half), Vector128.Create(Half), Vector128.Create(Half), Vector128.Create(Half));
            for (var k = 0; k < weights.Length; k++)
            {
                var weight = Vector128.Create(weights[k]);
                var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref from, (nuint)((k * stride) + i)));
                var (p0, p1) = Vector128.Widen(low.AsInt16());
                var (p2, p3) = Vector128.Widen(high.AsInt16());
                s0 += p0 * weight;
                s1 += p1 * weight;
                s2 += p2 * weight;
                s3 += p3 * weight;
            }

            var limit = Vector128.Create(255);
            s0 = Vector128.Clamp(s0 >> ResampleAxis.PrecisionBits, Vector128<int>.Zero, limit);
            s1 = Vector128.Clamp(s1 >> ResampleAxis.PrecisionBits, Vector128<int>.Zero, limit);
            s2 = Vector128.Clamp(s2 >> ResampleAxis.PrecisionBits, Vector128<int>.Zero, limit);
            s3 = Vector128.Clamp(s3 >> ResampleAxis.PrecisionBits, Vector128<int>.Zero, limit);
            var lower = Vector128.Narrow(s0.AsUInt32(), s1.AsUInt32());
            var upper = Vector128.Narrow(s2.AsUInt32(), s3.AsUInt32());
            Vector128.Narrow(lower, upper).CopyTo(destination[i..]);
        }
    }
}
