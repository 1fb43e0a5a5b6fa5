// SPDX-License-Identifier: MIT

using System.Runtime.Intrinsics.X86;
using TorchStreaming.Imaging;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests.Imaging;

public sealed class ResamplerTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void ResampleRow_RandomInput_EqualsScalarTwin(int bytesPerPixel)
    {
        var random = new Random(17 + bytesPerPixel);
        var axis = new ResampleAxis();
        for (var round = 0; round < 400; round++)
        {
            var (size, output) = (random.Next(1, 300), random.Next(1, 300));
            var low = random.NextDouble() * 0.9;
            var source = round % 3 == 0
                ? new ResampleSource(size, 0, size)
                : new ResampleSource(size, low, size - (random.NextDouble() * 0.9 * (1 - low)));
            var start = random.Next(output);
            axis.Prepare(source, output, start, random.Next(start, output) + 1, round % 2 == 0);
            var pixels = TestImages.MakeNoise((axis.End - axis.First) * bytesPerPixel, round);
            if (round % 5 == 0)
            {
                pixels.AsSpan().Fill(255);
            }

            var (expected, actual) = (new byte[axis.Length * 3], new byte[axis.Length * 3]);
            Resampler.ResampleRowScalar(pixels, axis.First, bytesPerPixel, axis, expected);
            Resampler.ResampleRow(pixels, axis.First, bytesPerPixel, axis, actual);

            Assert.True(expected.AsSpan().SequenceEqual(actual), $"round {round}: {size} to {output}");
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void ResampleRows_RandomInput_EqualsScalarTwin(int bytesPerPixel)
    {
        var random = new Random(31 + bytesPerPixel);
        var axis = new ResampleAxis();
        for (var round = 0; round < 300; round++)
        {
            var (size, output, rows) = (random.Next(1, 200), random.Next(1, 200), random.Next(1, 10));
            axis.Prepare(new ResampleSource(size, 0, size), output, 0, output, round % 2 == 0);
            var (stride, width) = (size * bytesPerPixel, output * 3);
            var pixels = TestImages.MakeNoise((stride * rows) + (round % 3 == 0 ? 0 : ScratchBuffer.Slack), round);
            if (round % 5 == 0)
            {
                pixels.AsSpan().Fill(255);
            }

            var expected = new byte[rows * width];
            for (var row = 0; row < rows; row++)
            {
                var source = pixels.AsSpan(row * stride, stride);
                Resampler.ResampleRowScalar(source, 0, bytesPerPixel, axis, expected.AsSpan(row * width, width));
            }

            var actual = new byte[rows * width];
            Resampler.ResampleRows(pixels, stride, rows, 0, bytesPerPixel, axis, actual);
            Assert.True(expected.AsSpan().SequenceEqual(actual), $"round {round}: {size} to {output}, {rows} rows");

            if (Avx2.IsSupported && rows >= 2 && round % 3 != 0)
            {
                Resampler.ResampleTwoRows256(pixels, stride, 0, bytesPerPixel, axis, actual);
                var isEqual = expected.AsSpan(0, 2 * width).SequenceEqual(actual.AsSpan(0, 2 * width));
                Assert.True(isEqual, $"round {round}: {size} to {output}, two rows");
            }
        }
    }

    [Fact]
    public void CombineRows_RandomInput_EqualsScalarTwin()
    {
        var random = new Random(23);
        var axis = new ResampleAxis();
        for (var round = 0; round < 300; round++)
        {
            var (size, output, stride) = (random.Next(1, 60), random.Next(1, 60), random.Next(1, 400));
            axis.Prepare(new ResampleSource(size, 0, size), output, 0, output, reversed: false);
            var index = random.Next(output);
            var weights = axis.GetWeights(index);
            var rows = TestImages.MakeNoise(stride * weights.Length, round);
            if (round % 5 == 0)
            {
                rows.AsSpan().Fill(255);
            }

            var expected = new byte[stride];
            Resampler.CombineRowsScalar(rows, stride, weights, expected);
            Check(Resampler.CombineRows, 1);
            Check(Resampler.CombineRows128, 16);
            Check(Resampler.CombineRows256, 32);
            Check(Resampler.CombineRows512, 64);

            void Check(RowCombiner combine, int least)
            {
                if (stride >= least)
                {
                    var actual = new byte[stride];
                    combine(rows, stride, axis.GetWeights(index), actual);
                    var isEqual = expected.AsSpan().SequenceEqual(actual);
                    Assert.True(isEqual, $"round {round}, vectors of {least}: {size} to {output}, stride {stride}");
                }
            }
        }
    }

    [Fact]
    public void Prepare_AnySizes_WeightsAddUpToOneAndStayInside()
    {
        var random = new Random(5);
        var axis = new ResampleAxis();
        for (var round = 0; round < 500; round++)
        {
            var (size, output) = (random.Next(1, 3000), random.Next(1, 500));
            axis.Prepare(new ResampleSource(size, 0, size), output, 0, output, reversed: false);
            for (var i = 0; i < output; i++)
            {
                var weights = axis.GetWeights(i);
                Assert.InRange(axis.GetStart(i), 0, size - weights.Length);
                var sum = 0L;
                foreach (var weight in weights)
                {
                    Assert.InRange(weight, 0, 1 << ResampleAxis.PrecisionBits);
                    sum += weight;
                }

                // The rounding of each weight is at most a half; the accumulator of 31 bits has room for it.
                Assert.InRange(sum, (1 << ResampleAxis.PrecisionBits) - weights.Length, (1 << ResampleAxis.PrecisionBits) + weights.Length);
            }
        }
    }

    private delegate void RowCombiner(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> weights, Span<byte> destination);
}
