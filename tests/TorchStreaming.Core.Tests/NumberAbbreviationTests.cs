// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Numerics;
using TorchStreaming.TestKit;

namespace TorchStreaming.Tests;

public sealed class NumberAbbreviationTests
{
    [GoldenFact]
    [Trait("Category", GoldenData.Category)]
    public void TryParse_EveryGoldenText_GivesUpstreamsNumber()
    {
        var count = 0;
        foreach (var line in GoldenData.ReadJsonLines("streaming", "orders", "misc.jsonl"))
        {
            var function = line.GetProperty("fn").GetString();
            var input = line.GetProperty("in");
            if (function is not ("bytes_to_int" or "number_abbrev_to_int")
                || input.GetProperty("value") is not { ValueKind: System.Text.Json.JsonValueKind.String } value)
            {
                continue;
            }

            var text = value.GetString()!;
            var isNumber = function == "bytes_to_int"
                ? NumberAbbreviation.TryParseBytes(text, out var actual)
                : NumberAbbreviation.TryParseCount(text, out actual);

            if (line.TryGetProperty("out", out var expected))
            {
                Assert.True(isNumber, text);
                Assert.Equal(BigInteger.Parse(expected.GetString()!, CultureInfo.InvariantCulture), actual);
            }
            else
            {
                Assert.False(isNumber, text);
            }

            count++;
        }

        GoldenData.AssertMoreThan(20, count);
    }

    [Fact]
    public void ByteSize_ThatDoesNotFit_Overflows() =>
        Assert.Contains("1yb", Assert.Throws<OverflowException>(() => ByteSize.Parse("1yb")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("10kib")]
    [InlineData("infkb")]
    [InlineData("nankb")]
    [InlineData("1.5b")]
    public void ByteSize_OfOtherText_IsRefused(string text)
    {
        Assert.Throws<FormatException>(() => ByteSize.Parse(text));
        Assert.False(ByteSize.TryParse(text, out _));
    }

    [Theory]
    [InlineData("1kb", 1024)]
    [InlineData("1.5 kb", 1536)]
    [InlineData("-1kb", -1024)]
    public void ByteSize_OfText_IsInPowersOf1024(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text).Bytes);

    [Fact]
    public void SampleCount_OfText_IsInPowersOf1000() => Assert.Equal(1_500_000, SampleCount.Parse("1.5M").Samples);
}
