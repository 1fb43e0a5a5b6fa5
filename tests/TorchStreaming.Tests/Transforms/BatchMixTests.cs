// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming.Tests.Transforms;

public sealed class BatchMixTests : IDisposable
{
    private const int Batch = 6;
    private const int Classes = 5;

    private readonly long _before = LiveTensors.Count();

    public void Dispose() => Assert.Equal(_before, LiveTensors.Count());

    [Fact]
    public void MixUp_ImagesAndLabels_AreMixedByOneShare()
    {
        using var scope = NewDisposeScope();
        var (x, y) = Make();

        var (mixed, labels) = BatchMix.MixUp(Classes, 0.4).Apply(x, y, new TransformContext(1, 2, 3));

        // Row 1 is all ones, row 0 all zeros: what row 1 becomes is the share itself.
        var share = mixed[1, 0, 0, 0].item<float>();
        Assert.InRange(share, 0f, 1f);
        for (var row = 0; row < Batch; row++)
        {
            var partner = (row + Batch - 1) % Batch;
            AssertClose((row * share) + (partner * (1 - share)), mixed[row, 0, 2, 2].item<float>());
            var expected = new float[Classes];
            expected[row % Classes] += share;
            expected[partner % Classes] += 1 - share;
            Assert.Equal(expected, labels[row].data<float>().ToArray(), AreClose);
        }
    }

    [Fact]
    public void CutMix_EveryContext_PutsARectangleInAndCountsItsArea()
    {
        var mix = BatchMix.CutMix(Classes);
        for (var sample = 0; sample < 50; sample++)
        {
            using var scope = NewDisposeScope();
            var (x, y) = Make();

            var (mixed, labels) = mix.Apply(x, y, new TransformContext(1, 2, sample));

            var fromPartner = mixed[2, 0].data<float>().Count(static value => value == 1);
            Assert.Equal(x.shape[2] * x.shape[3], fromPartner + mixed[2, 0].data<float>().Count(static value => value == 2));
            var share = 1 - ((float)fromPartner / (x.shape[2] * x.shape[3]));
            AssertClose(share, labels[2, 2].item<float>());
            AssertClose(1 - share, labels[2, 1].item<float>());
        }
    }

    [Fact]
    public void Apply_SameContextAgain_IsTheSame_AndAnotherOneIsNot()
    {
        using var scope = NewDisposeScope();
        var (x, y) = Make();
        var mix = BatchMix.OneOf(BatchMix.MixUp(Classes), BatchMix.CutMix(Classes));

        var once = mix.Apply(x, y, new TransformContext(7, 0, 40)).X;
        var again = mix.Apply(x, y, new TransformContext(7, 0, 40)).X;
        var other = mix.Apply(x, y, new TransformContext(7, 1, 40)).X;

        Assert.True(once.equal(again).all().item<bool>());
        Assert.False(once.equal(other).all().item<bool>());
    }

    [Fact]
    public void Apply_BytesOrOtherLabels_AreRefused()
    {
        using var scope = NewDisposeScope();
        var (x, y) = Make();
        var mix = BatchMix.MixUp(Classes);

        Assert.Throws<ArgumentException>(() => mix.Apply(x.to(ScalarType.Byte), y, default));
        Assert.Throws<ArgumentException>(() => mix.Apply(x, y[..2], default));
        Assert.Throws<ArgumentException>(() => mix.Apply(x, zeros(Batch, Classes + 1), default));
        Assert.Throws<ArgumentOutOfRangeException>(() => BatchMix.MixUp(Classes, 0));
    }

    [Fact]
    public void Pack_Sequences_AreFoundAgain()
    {
        using var scope = NewDisposeScope();
        int[] lengths = [5, 9, 3, 4, 2, 12];
        var sequences = lengths.Select(static (length, i) => arange(length, ScalarType.Int64) + (100 * (i + 1))).ToArray();

        var packed = TokenPacking.Pack(sequences, length: 10, paddingToken: -1);

        // First fit: 5 3 2 | 9 | 4 | 12, cut to 10.
        Assert.Equal([4, 10], packed["input_ids"].shape);
        Assert.Equal([100, 101, 102, 103, 104, 300, 301, 302, 500, 501], packed["input_ids"][0].data<long>().ToArray());
        Assert.Equal([1, 1, 1, 1, 1, 2, 2, 2, 3, 3], packed["segment_ids"][0].data<long>().ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 0, 1, 2, 0, 1], packed["position_ids"][0].data<long>().ToArray());
        Assert.Equal([400, 401, 402, 403, -1, -1, -1, -1, -1, -1], packed["input_ids"][2].data<long>().ToArray());
        Assert.Equal([1, 1, 1, 1, 0, 0, 0, 0, 0, 0], packed["attention_mask"][2].data<long>().ToArray());
        Assert.Equal(609, packed["input_ids"][3, 9].item<long>());
    }

    private static (Tensor X, Tensor Y) Make()
    {
        var rows = arange(Batch, ScalarType.Float32).reshape(Batch, 1, 1, 1);
        return (rows.expand(Batch, 3, 12, 10).contiguous(), arange(Batch, ScalarType.Int64).remainder(Classes));
    }

    private static bool AreClose(float a, float b) => Math.Abs(a - b) < 1e-5;

    private static void AssertClose(float expected, float actual) => Assert.True(AreClose(expected, actual), $"{actual}, not {expected}");
}
