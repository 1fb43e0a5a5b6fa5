// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchStreaming.Imaging;

/// <content>The horizontal pass, vectorised. It computes the sums of its scalar twin in the same 32-bit integers, so the results are
/// equal.</content>
internal static partial class Resampler
{
    /// <summary>How many rows <see cref="ResampleRows"/> works on at a time.</summary>
    public const int RowsAtOnce = 4;

    private const int BlockReach = 16;

    /// <summary>Resamples several rows horizontally.</summary>
    /// <param name="source">The rows, as <see cref="ResampleRowScalar"/> takes them, one after the other. It may continue after them: 16 more
    /// bytes make the last rows as fast as the others.</param>
    /// <param name="sourceStride">The bytes from one row to the next.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="origin">The first pixel of the rows.</param>
    /// <param name="bytesPerPixel">3 or 4; a fourth byte is left out.</param>
    /// <param name="axis">The weights.</param>
    /// <param name="destination">R, G, B of each output pixel, row after row.</param>
    public static void ResampleRows(
        ReadOnlySpan<byte> source, int sourceStride, int rows, int origin, int bytesPerPixel, ResampleAxis axis, Span<byte> destination)
    {
        var stride = axis.Length * 3;
        var row = 0;
        if (Avx2.IsSupported)
        {
            var reach = ((axis.End - origin) * bytesPerPixel) + BlockReach;
            for (; row + RowsAtOnce <= rows && ((row + RowsAtOnce - 1) * sourceStride) + reach <= source.Length; row += RowsAtOnce)
            {
                var from = source[(row * sourceStride)..];
                var to = destination.Slice(row * stride, RowsAtOnce * stride);
                if (Avx512BW.IsSupported)
                {
                    ResampleFourRows512(from, sourceStride, origin, bytesPerPixel, axis, to);
                }
                else
                {
                    ResampleTwoRows256(from, sourceStride, origin, bytesPerPixel, axis, to[..(2 * stride)]);
                    ResampleTwoRows256(from[(2 * sourceStride)..], sourceStride, origin, bytesPerPixel, axis, to[(2 * stride)..]);
                }
            }
        }

        for (; row < rows; row++)
        {
            var length = Math.Min(sourceStride, source.Length - (row * sourceStride));
            ResampleRow(source.Slice(row * sourceStride, length), origin, bytesPerPixel, axis, destination.Slice(row * stride, stride));
        }
    }

    /// <summary>Resamples four rows.</summary>
    /// <remarks>Lanes: each quarter is a row. Four pixels of it are spread to pairs of 16-bit numbers, R R G G B B 0 0, for pixels 0 and 1
    /// and for pixels 2 and 3, and multiplied by pairs of weights. Weights have 23 bits, so the upper and the lower part of each are
    /// multiplied separately; their sums are put together at the end, which is exact.</remarks>
    internal static void ResampleFourRows512(
        ReadOnlySpan<byte> source, int sourceStride, int origin, int bytesPerPixel, ResampleAxis axis, Span<byte> destination)
    {
        var (first, second) = GetSpreads(bytesPerPixel);
        var firstSpread = Vector512.Create(Vector256.Create(first, first), Vector256.Create(first, first));
        var secondSpread = Vector512.Create(Vector256.Create(second, second), Vector256.Create(second, second));
        var (stride, step) = (axis.Length * 3, (nuint)sourceStride);
        ref var pixels = ref MemoryMarshal.GetReference(source);
        ref var target = ref MemoryMarshal.GetReference(destination[..(stride * 4)]);
        for (var i = 0; i < axis.Length; i++)
        {
            var weights = axis.GetPackedWeights(i);
            ref var pixel = ref Unsafe.Add(ref pixels, (axis.GetStart(i) - origin) * bytesPerPixel);
            var (high, low) = (Vector512<int>.Zero, Vector512.Create(Half));
            for (var k = 0; k < weights.Length; k += ResampleAxis.PackedTaps)
            {
                var block = Vector512.Create(
                    Vector256.Create(Vector128.LoadUnsafe(ref pixel), Vector128.LoadUnsafe(ref pixel, step)),
                    Vector256.Create(Vector128.LoadUnsafe(ref pixel, step * 2), Vector128.LoadUnsafe(ref pixel, step * 3)));
                var pairs = Avx512BW.Shuffle(block, firstSpread).AsInt16();
                high += Avx512BW.MultiplyAddAdjacent(pairs, Vector512.Create(weights[k]).AsInt16());
                low += Avx512BW.MultiplyAddAdjacent(pairs, Vector512.Create(weights[k + 1]).AsInt16());
                pairs = Avx512BW.Shuffle(block, secondSpread).AsInt16();
                high += Avx512BW.MultiplyAddAdjacent(pairs, Vector512.Create(weights[k + 2]).AsInt16());
                low += Avx512BW.MultiplyAddAdjacent(pairs, Vector512.Create(weights[k + 3]).AsInt16());
                pixel = ref Unsafe.Add(ref pixel, ResampleAxis.PackedTaps * bytesPerPixel);
            }

            var sums = ((high << ResampleAxis.PackedLowBits) + low) >> ResampleAxis.PrecisionBits;
            var bytes = Avx512F.ConvertToVector128ByteWithSaturation(Vector512.Max(sums, Vector512<int>.Zero).AsUInt32()).AsUInt32();
            ref var output = ref Unsafe.Add(ref target, i * 3);
            if (i + 1 < axis.Length)
            {
                Unsafe.WriteUnaligned(ref output, bytes[0]);
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref output, stride), bytes[1]);
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref output, stride * 2), bytes[2]);
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref output, stride * 3), bytes[3]);
            }
            else
            {
                WriteLast(ref output, bytes[0]);
                WriteLast(ref Unsafe.Add(ref output, stride), bytes[1]);
                WriteLast(ref Unsafe.Add(ref output, stride * 2), bytes[2]);
                WriteLast(ref Unsafe.Add(ref output, stride * 3), bytes[3]);
            }
        }
    }

    /// <summary>Resamples two rows.</summary>
    /// <remarks>Lanes: as in <see cref="ResampleFourRows512"/>, each half a row.</remarks>
    internal static void ResampleTwoRows256(
        ReadOnlySpan<byte> source, int sourceStride, int origin, int bytesPerPixel, ResampleAxis axis, Span<byte> destination)
    {
        var (first, second) = GetSpreads(bytesPerPixel);
        var (firstSpread, secondSpread) = (Vector256.Create(first, first), Vector256.Create(second, second));
        var stride = axis.Length * 3;
        ref var pixels = ref MemoryMarshal.GetReference(source);
        ref var target = ref MemoryMarshal.GetReference(destination[..(stride * 2)]);
        for (var i = 0; i < axis.Length; i++)
        {
            var weights = axis.GetPackedWeights(i);
            ref var pixel = ref Unsafe.Add(ref pixels, (axis.GetStart(i) - origin) * bytesPerPixel);
            var (high, low) = (Vector256<int>.Zero, Vector256.Create(Half));
            for (var k = 0; k < weights.Length; k += ResampleAxis.PackedTaps)
            {
                var block = Vector256.Create(Vector128.LoadUnsafe(ref pixel), Vector128.LoadUnsafe(ref pixel, (nuint)sourceStride));
                var pairs = Avx2.Shuffle(block, firstSpread).AsInt16();
                high += Avx2.MultiplyAddAdjacent(pairs, Vector256.Create(weights[k]).AsInt16());
                low += Avx2.MultiplyAddAdjacent(pairs, Vector256.Create(weights[k + 1]).AsInt16());
                pairs = Avx2.Shuffle(block, secondSpread).AsInt16();
                high += Avx2.MultiplyAddAdjacent(pairs, Vector256.Create(weights[k + 2]).AsInt16());
                low += Avx2.MultiplyAddAdjacent(pairs, Vector256.Create(weights[k + 3]).AsInt16());
                pixel = ref Unsafe.Add(ref pixel, ResampleAxis.PackedTaps * bytesPerPixel);
            }

            var sums = ((high << ResampleAxis.PackedLowBits) + low) >> ResampleAxis.PrecisionBits;
            var words = Sse2.PackSignedSaturate(sums.GetLower(), sums.GetUpper());
            var bytes = Sse2.PackUnsignedSaturate(words, words).AsUInt32();
            ref var output = ref Unsafe.Add(ref target, i * 3);
            if (i + 1 < axis.Length)
            {
                Unsafe.WriteUnaligned(ref output, bytes[0]);
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref output, stride), bytes[1]);
            }
            else
            {
                WriteLast(ref output, bytes[0]);
                WriteLast(ref Unsafe.Add(ref output, stride), bytes[1]);
            }
        }
    }

    /// <inheritdoc cref="ResampleRowScalar"/>
    /// <remarks>Lanes: four 32-bit sums, R, G, B and one that is dropped. A pixel is read as four bytes, so the last pixel of a row of
    /// three-byte pixels is left to the scalar twin's arithmetic.</remarks>
    public static void ResampleRow(ReadOnlySpan<byte> source, int origin, int bytesPerPixel, ResampleAxis axis, Span<byte> destination)
    {
        if (!Vector128.IsHardwareAccelerated || !BitConverter.IsLittleEndian)
        {
            ResampleRowScalar(source, origin, bytesPerPixel, axis, destination);
            return;
        }

        // Four bytes are written per pixel of three, each overwriting the one too many of the last: all but the last pixel may be written
        // so.
        ref var target = ref MemoryMarshal.GetReference(destination[..(axis.Length * 3)]);
        for (var i = 0; i < axis.Length; i++)
        {
            var weights = axis.GetWeights(i);
            var offset = (axis.GetStart(i) - origin) * bytesPerPixel;
            var pixels = source.Slice(offset, weights.Length * bytesPerPixel);
            var sum = SumPixels(pixels, weights, bytesPerPixel, readable: source.Length - offset);
            var shifted = Vector128.ShiftRightArithmetic(sum, ResampleAxis.PrecisionBits);
            var rounded = Vector128.Clamp(shifted, Vector128<int>.Zero, Vector128.Create(255)).AsByte();
            var bytes = Vector128.Shuffle(rounded, Vector128.Create(0x0C08_0400u, uint.MaxValue, uint.MaxValue, uint.MaxValue).AsByte())
                .AsUInt32()
                .ToScalar();
            if (i + 1 < axis.Length)
            {
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, i * 3), bytes);
            }
            else
            {
                WriteLast(ref Unsafe.Add(ref target, i * 3), bytes);
            }
        }
    }

    /// <summary>Adds up one output pixel.</summary>
    private static Vector128<int> SumPixels(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> weights, int bytesPerPixel, int readable)
    {
        ref var pixel = ref MemoryMarshal.GetReference(pixels);
        var sum = Vector128.Create(Half);

        // The last pixel's fourth byte may be after the row.
        var whole = readable >= (weights.Length * bytesPerPixel) + 4 - bytesPerPixel ? weights.Length : weights.Length - 1;
        for (var k = 0; k < whole; k++)
        {
            var bytes = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref pixel, k * bytesPerPixel));
            sum += Spread(bytes) * Vector128.Create(weights[k]);
        }

        if (whole < weights.Length)
        {
            ref var last = ref Unsafe.Add(ref pixel, whole * bytesPerPixel);
            sum += Vector128.Create(last, Unsafe.Add(ref last, 1), Unsafe.Add(ref last, 2), 0) * Vector128.Create(weights[whole]);
        }

        return sum;
    }

    /// <summary>Widens four bytes to four lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Spread(uint bytes) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(bytes).AsByte())).AsInt32();

    /// <summary>Writes the last pixel of a row, after which nothing may be written.</summary>
    private static void WriteLast(ref byte target, uint bytes)
    {
        Unsafe.WriteUnaligned(ref target, (ushort)bytes);
        Unsafe.Add(ref target, 2) = (byte)(bytes >> 16);
    }

    /// <summary>The orders in which the bytes of four pixels become pairs of 16-bit numbers: of pixels 0 and 1, and of pixels 2 and
    /// 3.</summary>
    private static (Vector128<byte> First, Vector128<byte> Second) GetSpreads(int bytesPerPixel)
    {
        const byte None = 255;
        return bytesPerPixel == 3
            ? (Vector128.Create(0, None, 3, None, 1, None, 4, None, 2, None, 5, None, None, None, None, None),
               Vector128.Create(6, None, 9, None, 7, None, 10, None, 8, None, 11, None, None, None, None, None))
            : (Vector128.Create(0, None, 4, None, 1, None, 5, None, 2, None, 6, None, None, None, None, None),
               Vector128.Create(8, None, 12, None, 9, None, 13, None, 10, None, 14, None, None, None, None, None));
    }
}
