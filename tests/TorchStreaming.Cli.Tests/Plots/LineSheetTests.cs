// SPDX-License-Identifier: MIT

using System.Xml.Linq;

namespace TorchStreaming.Cli.Tests.Plots;

public sealed class LineSheetTests
{
    [Fact]
    public void Draw_LineAndBound_LieBetweenTheMarks()
    {
        var svg = XDocument.Parse(LineSheet.Draw("hours", [0, 1, 4], [new LinePanel("a & b", [0, 10, 20], 40, "limit")]));

        var lines = svg.Descendants().Where(static element => element.Name.LocalName == "polyline").ToList();
        var points = lines.ConvertAll(static line => line.Attribute("points")!.Value.Trim().Split(' '));
        // From the lower left, 40 at the top; the line ends at half of it on the right.
        Assert.Equal(["80,34", "690,34"], points[0]);
        Assert.Equal(["80,150", "232.5,121", "690,92"], points[1]);
        var words = svg.Descendants().Where(static element => element.Name.LocalName == "text").Select(static text => text.Value).ToList();
        Assert.Contains("a & b", words);
        Assert.Contains("limit", words);
        Assert.Contains("hours", words);
    }

    [Fact]
    public void Draw_Nothing_IsAnEmptySheet() =>
        Assert.Equal("svg", XDocument.Parse(LineSheet.Draw("seconds", [], [new LinePanel("nothing", [])])).Root!.Name.LocalName);
}
