// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Imaging;

public sealed class PixelKernelsTests
{
    [Fact]
    public void Split_AnyWidth_EqualsScalarTwin()
    {
        for (var width = 1; width < 120; width++)
        {
            var row = TestImages.MakeNoise(width * 3, width);
            var (expected, actual) = (new byte[3][], new byte[3][]);
            for (var channel = 0; channel < 3; channel++)
            {
                (expected[channel], actual[channel]) = (new byte[width], new byte[width]);
            }

            PixelKernels.SplitScalar(row, expected[0], expected[1], expected[2]);
            PixelKernels.Split(row, actual[0], actual[1], actual[2]);

            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [InlineData(0.485f, 0.456f, 0.406f, 0.229f, 0.224f, 0.225f)]
    [InlineData(0f, 0f, 0f, 1f, 1f, 1f)]
    [InlineData(0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f)]
    [InlineData(-3f, 1e-30f, 1e30f, -1f, 3e-38f, 1e-40f)]
    public void Scale_EveryByte_EqualsTableBitForBit(float m0, float m1, float m2, float d0, float d1, float d2)
    {
        var scaling = new ChannelScaling([m0, m1, m2], [d0, d1, d2]);
        var row = new byte[256 * 3];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = (byte)(i / 3);
        }

        CheckScaling(scaling, row);
    }

    [Fact]
    public void Scale_RandomInput_EqualsTableBitForBit()
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            var scaling = new ChannelScaling(
                [random.NextSingle(), random.NextSingle(), random.NextSingle()],
                [0.01f + random.NextSingle(), 0.01f + random.NextSingle(), 0.01f + random.NextSingle()]);
            CheckScaling(scaling, TestImages.MakeNoise(random.Next(1, 130) * 3, round));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WriteRow_HalfTypes_RoundTheSingles(bool isHalf)
    {
        float[] mean = [0.485f, 0.456f, 0.406f];
        float[] deviation = [0.229f, 0.224f, 0.225f];
        var row = TestImages.MakeNoise(37 * 3);
        var singles = new float[row.Length];
        var halves = new ushort[row.Length];
        PixelOutput.Create(PixelType.Float32, false, mean, deviation).WriteRow(row, 0, 1, MemoryMarshal.AsBytes(singles.AsSpan()));
        PixelOutput.Create(isHalf ? PixelType.Float16 : PixelType.BFloat16, false, mean, deviation)
            .WriteRow(row, 0, 1, MemoryMarshal.AsBytes(halves.AsSpan()));

        for (var i = 0; i < singles.Length; i++)
        {
            if (isHalf)
            {
                Assert.Equal((Half)singles[i], BitConverter.UInt16BitsToHalf(halves[i]));
            }
            else
            {
                var back = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
                Assert.InRange(back - singles[i], -Math.Abs(singles[i]) / 256, Math.Abs(singles[i]) / 256);
            }
        }
    }

    [Theory]
    [InlineData(1f, 0x3F80)]
    [InlineData(1.00390625f, 0x3F80)]
    [InlineData(1.01171875f, 0x3F82)]
    [InlineData(-1.0058594f, 0xBF81)]
    [InlineData(float.NaN, 0x7FC0)]
    [InlineData(float.MaxValue, 0x7F80)]
    public void ToBFloat16_RoundsHalfToEven(float value, int bits) => Assert.Equal(bits, PixelOutput.ToBFloat16(value));

    private static void CheckScaling(ChannelScaling scaling, byte[] row)
    {
        var width = row.Length / 3;
        var (planes, interleaved) = (new float[3 * width], new float[row.Length]);
        PixelKernels.SplitAndScale(row, scaling, planes.AsSpan(0, width), planes.AsSpan(width, width), planes.AsSpan(2 * width, width));
        PixelKernels.Scale(row, scaling, interleaved);
        for (var i = 0; i < row.Length; i++)
        {
            var expected = BitConverter.SingleToInt32Bits(scaling.Table[((i % 3) * 256) + row[i]]);
            Assert.Equal(expected, BitConverter.SingleToInt32Bits(planes[((i % 3) * width) + (i / 3)]));
            Assert.Equal(expected, BitConverter.SingleToInt32Bits(interleaved[i]));
        }
    }
}
