// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace TorchStreaming.Cli;

/// <summary>Draws histograms one below the other as SVG, which every browser shows. The vertical axis counts samples.</summary>
internal static class HistogramSheet
{
    private const int Width = 640;
    private const int PanelHeight = 170;
    private const int Left = 70;
    private const int Right = 30;
    private const int Top = 30;
    private const int BarsHeight = 110;

    /// <summary>Draws the sheet.</summary>
    /// <param name="panels">Titles and histograms.</param>
    public static string Draw(IReadOnlyList<(string Title, Histogram Histogram)> panels)
    {
        var svg = SvgSheet.Begin(Width, Math.Max(1, panels.Count) * PanelHeight);
        for (var panel = 0; panel < panels.Count; panel++)
        {
            DrawPanel(svg, panel * PanelHeight, panels[panel].Title, panels[panel].Histogram);
        }

        return SvgSheet.End(svg);
    }

    private static void DrawPanel(StringBuilder svg, int y, string title, Histogram histogram)
    {
        var frame = new PlotFrame(Left, y + Top, Width - Left - Right, BarsHeight);
        var most = (double)histogram.Counts.DefaultIfEmpty(0).Max();
        SvgSheet.Write(svg, Left, y + 18, "start", title);
        frame.DrawScale(svg, most, atMost: 4, leastStep: 1);
        frame.DrawAxis(svg, histogram.Min, histogram.Max, atMost: 10, leastStep: histogram.Whole ? 1 : 0);
        var slot = (double)frame.Width / Math.Max(1, histogram.Counts.Length);
        var bar = Math.Min(Math.Max(0.5, slot - 1), frame.Width / 10.0);
        for (var i = 0; i < histogram.Counts.Length; i++)
        {
            var height = most == 0 ? 0 : histogram.Counts[i] / most * BarsHeight;
            svg.Append(CultureInfo.InvariantCulture,
                $"<rect x=\"{Left + (i * slot) + ((slot - bar) / 2):0.##}\" y=\"{frame.Bottom - height:0.##}\" width=\"{bar:0.##}\" height=\"{height:0.##}\" fill=\"#3b6ea5\"/>\n");
        }
    }
}
