// SPDX-License-Identifier: MIT

using System.Xml.Linq;

namespace TorchStreaming.Cli.Tests.Plots;

public sealed class LineSheetTests
{
    [Theory]
    [InlineData(0.0, "0 1")]
    [InlineData(0.7, "0 0.2 0.4 0.6 0.8")]
    [InlineData(1037, "0 500 1,000 1,500")]
    [InlineData(81_920, "0 25,000 50,000 75,000 100,000")]
    [InlineData(4, "0 1 2 3 4")]
    [InlineData(8_500_000, "0 2.5m 5m 7.5m 10m")]
    [InlineData(double.NaN, "0 1")]
    public void Choose_LargestValue_GivesRoundMarksUpToIt(double largest, string expected)
    {
        var ticks = AxisTicks.Choose(largest, 4);

        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, ticks.Count + 1).Select(ticks.Label)));
    }

    [Fact]
    public void Draw_LineAndBound_LieBetweenTheMarks()
    {
        var svg = XDocument.Parse(LineSheet.Draw("hours", [0, 1, 4], [new LinePanel("a & b", [0, 10, 20], 40, "limit")]));

        var lines = svg.Descendants().Where(static element => element.Name.LocalName == "polyline").ToList();
        var points = lines.ConvertAll(static line => line.Attribute("points")!.Value.Trim().Split(' '));
        // From the lower left, 40 at the top; the line ends at half of it on the right.
        Assert.Equal(["80,34", "696,34"], points[0]);
        Assert.Equal(["80,144", "234,116.5", "696,89"], points[1]);
        var words = svg.Descendants().Where(static element => element.Name.LocalName == "text").Select(static text => text.Value).ToList();
        Assert.Contains("a & b", words);
        Assert.Contains("limit", words);
        Assert.Contains("hours", words);
    }

    [Fact]
    public void Draw_Nothing_IsAnEmptySheet() =>
        Assert.Equal("svg", XDocument.Parse(LineSheet.Draw("seconds", [], [new LinePanel("nothing", [])])).Root!.Name.LocalName);
}
