// SPDX-License-Identifier: MIT

using TorchStreaming.Transforms;

namespace TorchStreaming.Interactive.Tests;

public sealed class ValueRangeTests
{
    [Theory]
    [InlineData(ElementType.BFloat16, new byte[] { 0x80, 0x3F, 0x00, 0xC0 }, "-2 … 1, mean -0.5")]
    [InlineData(ElementType.Float16, new byte[] { 0x00, 0x3C, 0x00, 0x7C }, "1 … 1, mean 1, 1 not finite")]
    [InlineData(ElementType.Int8, new byte[] { 0xFF, 0x03 }, "-1 … 3, mean 1")]
    [InlineData(ElementType.Bool, new byte[] { 0, 1 }, "0 … 1, mean 0.5")]
    [InlineData(ElementType.Int64, new byte[0], "no values")]
    public void ValueRange_OfEachType_IsThatOfTheValues(ElementType type, byte[] bytes, string expected)
    {
        var range = new ValueRange();

        range.Add(type, bytes);

        Assert.Equal(expected, range.ToString());
    }
}
