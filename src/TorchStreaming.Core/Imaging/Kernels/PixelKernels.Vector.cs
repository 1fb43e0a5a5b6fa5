// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TorchStreaming.Imaging;

/// <content>The vectorised kernels. They work on blocks of 16 pixels; what is left of a row goes through the scalar twins.</content>
internal static partial class PixelKernels
{
    private const int BlockPixels = 16;
    private const int BlockBytes = BlockPixels * ChannelScaling.Channels;

    /// <summary>Splits the channels.</summary>
    public static void Split(ReadOnlySpan<byte> row, Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        var done = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref var source = ref MemoryMarshal.GetReference(row);
            for (; done + BlockPixels <= red.Length && (done + BlockPixels) * 3 <= row.Length; done += BlockPixels)
            {
                var (r, g, b) = SplitBlock(ref source, done * 3);
                r.CopyTo(red[done..]);
                g.CopyTo(green[done..]);
                b.CopyTo(blue[done..]);
            }
        }

        SplitScalar(row[(done * 3)..], red[done..], green[done..], blue[done..]);
    }

    /// <summary>Scales every byte by its channel's scaling and keeps the bytes' order.</summary>
    public static void Scale(ReadOnlySpan<byte> row, ChannelScaling scaling, Span<float> destination)
    {
        destination = destination[..row.Length];
        var done = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref var source = ref MemoryMarshal.GetReference(row);
            ref var target = ref MemoryMarshal.GetReference(destination);
            for (; done + BlockBytes <= row.Length; done += BlockBytes)
            {
                for (var part = 0; part < BlockBytes; part += Vector128<byte>.Count)
                {
                    var bytes = Vector128.LoadUnsafe(ref source, (nuint)(done + part));
                    ScaleInterleaved(bytes, scaling, part, ref Unsafe.Add(ref target, done + part));
                }
            }
        }

        LookUp(row[done..], scaling.Table, destination[done..]);
    }

    /// <summary>Scales every byte by its channel's scaling and splits the channels.</summary>
    public static void SplitAndScale(ReadOnlySpan<byte> row, ChannelScaling scaling, Span<float> red, Span<float> green, Span<float> blue)
    {
        green = green[..red.Length];
        blue = blue[..red.Length];
        var done = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref var source = ref MemoryMarshal.GetReference(row[..(red.Length * 3)]);
            for (; done + BlockPixels <= red.Length; done += BlockPixels)
            {
                var (r, g, b) = SplitBlock(ref source, done * 3);
                ScalePlane(r, scaling, 0, ref Unsafe.Add(ref MemoryMarshal.GetReference(red), done));
                ScalePlane(g, scaling, 1, ref Unsafe.Add(ref MemoryMarshal.GetReference(green), done));
                ScalePlane(b, scaling, 2, ref Unsafe.Add(ref MemoryMarshal.GetReference(blue), done));
            }
        }

        SplitAndLookUp(row[(done * 3)..], scaling.Table, red[done..], green[done..], blue[done..]);
    }

    /// <summary>Gathers the channels of 16 pixels: each of three vectors holds every third byte from a different start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<byte> Red, Vector128<byte> Green, Vector128<byte> Blue) SplitBlock(ref byte source, int offset)
    {
        const byte No = 255;
        var a = Vector128.LoadUnsafe(ref source, (nuint)offset);
        var b = Vector128.LoadUnsafe(ref source, (nuint)(offset + 16));
        var c = Vector128.LoadUnsafe(ref source, (nuint)(offset + 32));
        var red = Vector128.Shuffle(a, Vector128.Create(0, 3, 6, 9, 12, 15, No, No, No, No, No, No, No, No, No, No))
            | Vector128.Shuffle(b, Vector128.Create(No, No, No, No, No, No, 2, 5, 8, 11, 14, No, No, No, No, No))
            | Vector128.Shuffle(c, Vector128.Create(No, No, No, No, No, No, No, No, No, No, No, 1, 4, 7, 10, 13));
        var green = Vector128.Shuffle(a, Vector128.Create(1, 4, 7, 10, 13, No, No, No, No, No, No, No, No, No, No, No))
            | Vector128.Shuffle(b, Vector128.Create(No, No, No, No, No, 0, 3, 6, 9, 12, 15, No, No, No, No, No))
            | Vector128.Shuffle(c, Vector128.Create(No, No, No, No, No, No, No, No, No, No, No, 2, 5, 8, 11, 14));
        var blue = Vector128.Shuffle(a, Vector128.Create(2, 5, 8, 11, 14, No, No, No, No, No, No, No, No, No, No, No))
            | Vector128.Shuffle(b, Vector128.Create(No, No, No, No, No, 1, 4, 7, 10, 13, No, No, No, No, No, No))
            | Vector128.Shuffle(c, Vector128.Create(No, No, No, No, No, No, No, No, No, No, 0, 3, 6, 9, 12, 15));
        return (red, green, blue);
    }

    /// <summary>Scales 16 bytes of one channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScalePlane(Vector128<byte> bytes, ChannelScaling scaling, int channel, ref float destination)
    {
        ref readonly var numbers = ref scaling.Planes[channel];
        if (Vector512.IsHardwareAccelerated)
        {
            var (mean, deviation, inverse) = (
                Vector512.Create(numbers.Mean), Vector512.Create(numbers.Deviation), Vector512.Create(numbers.InverseDeviation));
            var values = Vector512.ConvertToSingle(WidenTo512(bytes));
            ChannelScaling.Scale(values, mean, deviation, inverse, numbers.IsFusedExact).StoreUnsafe(ref destination);
            return;
        }

        if (Vector256.IsHardwareAccelerated)
        {
            var (mean, deviation, inverse) = (
                Vector256.Create(numbers.Mean), Vector256.Create(numbers.Deviation), Vector256.Create(numbers.InverseDeviation));
            var (low, high) = WidenTo256(bytes);
            var (first, second) = (Vector256.ConvertToSingle(low), Vector256.ConvertToSingle(high));
            ChannelScaling.Scale(first, mean, deviation, inverse, numbers.IsFusedExact).StoreUnsafe(ref destination);
            ChannelScaling.Scale(second, mean, deviation, inverse, numbers.IsFusedExact).StoreUnsafe(ref destination, 8);
            return;
        }

        var parts = WidenTo128(bytes);
        var (mean128, deviation128, inverse128) = (
            Vector128.Create(numbers.Mean), Vector128.Create(numbers.Deviation), Vector128.Create(numbers.InverseDeviation));
        ChannelScaling.Scale(parts.A, mean128, deviation128, inverse128, numbers.IsFusedExact).StoreUnsafe(ref destination);
        ChannelScaling.Scale(parts.B, mean128, deviation128, inverse128, numbers.IsFusedExact).StoreUnsafe(ref destination, 4);
        ChannelScaling.Scale(parts.C, mean128, deviation128, inverse128, numbers.IsFusedExact).StoreUnsafe(ref destination, 8);
        ChannelScaling.Scale(parts.D, mean128, deviation128, inverse128, numbers.IsFusedExact).StoreUnsafe(ref destination, 12);
    }

    /// <summary>Scales 16 interleaved bytes; the channel pattern of 48 repeats, and <paramref name="phase"/> says where in it they
    /// are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScaleInterleaved(Vector128<byte> bytes, ChannelScaling scaling, int phase, ref float destination)
    {
        ref var mean = ref MemoryMarshal.GetArrayDataReference(scaling.MeanPattern);
        ref var deviation = ref MemoryMarshal.GetArrayDataReference(scaling.DeviationPattern);
        ref var inverse = ref MemoryMarshal.GetArrayDataReference(scaling.InversePattern);
        if (Vector512.IsHardwareAccelerated)
        {
            ChannelScaling.Scale(
                Vector512.ConvertToSingle(WidenTo512(bytes)),
                Vector512.LoadUnsafe(ref mean, (nuint)phase),
                Vector512.LoadUnsafe(ref deviation, (nuint)phase),
                Vector512.LoadUnsafe(ref inverse, (nuint)phase),
                scaling.IsFusedExact).StoreUnsafe(ref destination);
            return;
        }

        if (Vector256.IsHardwareAccelerated)
        {
            var (low, high) = WidenTo256(bytes);
            for (var part = 0; part < 2; part++)
            {
                var at = (nuint)(phase + (part * 8));
                ChannelScaling.Scale(
                    Vector256.ConvertToSingle(part == 0 ? low : high),
                    Vector256.LoadUnsafe(ref mean, at),
                    Vector256.LoadUnsafe(ref deviation, at),
                    Vector256.LoadUnsafe(ref inverse, at),
                    scaling.IsFusedExact).StoreUnsafe(ref destination, (nuint)(part * 8));
            }

            return;
        }

        var (a, b, c, d) = WidenTo128(bytes);
        for (var part = 0; part < 4; part++)
        {
            var at = (nuint)(phase + (part * 4));
            ChannelScaling.Scale(
                part switch { 0 => a, 1 => b, 2 => c, _ => d },
                Vector128.LoadUnsafe(ref mean, at),
                Vector128.LoadUnsafe(ref deviation, at),
                Vector128.LoadUnsafe(ref inverse, at),
                scaling.IsFusedExact).StoreUnsafe(ref destination, (nuint)(part * 4));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> WidenTo512(Vector128<byte> bytes)
    {
        var (low, high) = Vector256.Widen(Vector256.WidenLower(bytes.ToVector256Unsafe()));
        return Vector512.Create(low, high).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<int> Low, Vector256<int> High) WidenTo256(Vector128<byte> bytes)
    {
        var (low, high) = Vector256.Widen(Vector256.WidenLower(bytes.ToVector256Unsafe()));
        return (low.AsInt32(), high.AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> A, Vector128<float> B, Vector128<float> C, Vector128<float> D) WidenTo128(Vector128<byte> bytes)
    {
        var (low, high) = Vector128.Widen(bytes);
        var (a, b) = Vector128.Widen(low);
        var (c, d) = Vector128.Widen(high);
        return (
            Vector128.ConvertToSingle(a.AsInt32()),
            Vector128.ConvertToSingle(b.AsInt32()),
            Vector128.ConvertToSingle(c.AsInt32()),
            Vector128.ConvertToSingle(d.AsInt32()));
    }
}
