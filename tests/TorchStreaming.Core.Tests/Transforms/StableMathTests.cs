// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.Tests.Transforms;

public sealed class StableMathTests
{
    [Fact]
    public void Exp_ManyPowers_AgreesWithThePlatform()
    {
        var random = new Random(8);
        for (var i = 0; i < 100_000; i++)
        {
            var x = (random.NextDouble() - 0.5) * (i % 2 == 0 ? 2 : 1000);
            Assert.InRange(StableMath.Exp(x) / Math.Exp(x), 1 - 1e-15, 1 + 1e-15);
        }

        Assert.Equal(1.0, StableMath.Exp(0));
    }

    [Fact]
    public void Exp_FixedPowers_HaveFixedBits()
    {
        Assert.Equal(2.7182818284590455, StableMath.Exp(1));
        Assert.Equal(1.1051709180756477, StableMath.Exp(0.1));
        Assert.Equal(0.7788007830714049, StableMath.Exp(-0.25));
        Assert.Equal(0.75, StableMath.Exp(StableMath.Log(0.75)), 1e-12);
        Assert.Equal(Math.Log(4.0 / 3), StableMath.Log(4.0 / 3), 1e-12);
    }
}
