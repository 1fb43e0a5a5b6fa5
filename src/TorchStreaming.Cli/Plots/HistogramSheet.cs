// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace TorchStreaming.Cli;

/// <summary>Draws histograms one below the other as SVG, which every browser shows.</summary>
internal static class HistogramSheet
{
    private const int Width = 640;
    private const int PanelHeight = 180;
    private const int Left = 60;
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
        var bottom = y + Top + BarsHeight;
        var most = histogram.Counts.DefaultIfEmpty(0).Max();
        var barWidth = (Width - Left - 20.0) / Math.Max(1, histogram.Counts.Length);
        SvgSheet.Write(svg, Left, y + 18, "start", title);
        SvgSheet.Write(svg, Left - 6, y + Top + 10, "end", most.ToString("N0", CultureInfo.InvariantCulture));
        SvgSheet.Write(svg, Left - 6, bottom, "end", "0");
        for (var i = 0; i < histogram.Counts.Length; i++)
        {
            var height = most == 0 ? 0 : (double)histogram.Counts[i] / most * BarsHeight;
            svg.Append(CultureInfo.InvariantCulture,
                $"<rect x=\"{Left + (i * barWidth):0.##}\" y=\"{bottom - height:0.##}\" width=\"{Math.Max(0.5, barWidth - 1):0.##}\" height=\"{height:0.##}\" fill=\"#3b6ea5\"/>\n");
        }

        svg.Append(CultureInfo.InvariantCulture,
            $"<line x1=\"{Left}\" y1=\"{bottom}\" x2=\"{Width - 20}\" y2=\"{bottom}\" stroke=\"#444\"/>\n");
        SvgSheet.Write(svg, Left, bottom + 16, "start", histogram.Least.ToString("G6", CultureInfo.InvariantCulture));
        SvgSheet.Write(svg, Width - 20, bottom + 16, "end", histogram.Greatest.ToString("G6", CultureInfo.InvariantCulture));
    }
}
