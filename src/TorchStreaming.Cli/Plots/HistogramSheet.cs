// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Security;
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
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Math.Max(1, panels.Count) * PanelHeight}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        for (var panel = 0; panel < panels.Count; panel++)
        {
            DrawPanel(svg, panel * PanelHeight, panels[panel].Title, panels[panel].Histogram);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void DrawPanel(StringBuilder svg, int y, string title, Histogram histogram)
    {
        var bottom = y + Top + BarsHeight;
        var most = histogram.Counts.DefaultIfEmpty(0).Max();
        var barWidth = (Width - Left - 20.0) / Math.Max(1, histogram.Counts.Length);
        Text(svg, Left, y + 18, "start", title);
        Text(svg, Left - 6, y + Top + 10, "end", most.ToString("N0", CultureInfo.InvariantCulture));
        Text(svg, Left - 6, bottom, "end", "0");
        for (var i = 0; i < histogram.Counts.Length; i++)
        {
            var height = most == 0 ? 0 : (double)histogram.Counts[i] / most * BarsHeight;
            svg.Append(CultureInfo.InvariantCulture,
                $"<rect x=\"{Left + (i * barWidth):0.##}\" y=\"{bottom - height:0.##}\" width=\"{Math.Max(0.5, barWidth - 1):0.##}\" height=\"{height:0.##}\" fill=\"#3b6ea5\"/>\n");
        }

        svg.Append(CultureInfo.InvariantCulture,
            $"<line x1=\"{Left}\" y1=\"{bottom}\" x2=\"{Width - 20}\" y2=\"{bottom}\" stroke=\"#444\"/>\n");
        Text(svg, Left, bottom + 16, "start", histogram.Least.ToString("G6", CultureInfo.InvariantCulture));
        Text(svg, Width - 20, bottom + 16, "end", histogram.Greatest.ToString("G6", CultureInfo.InvariantCulture));
    }

    private static void Text(StringBuilder svg, int x, int y, string anchor, string text) => svg.Append(
        CultureInfo.InvariantCulture,
        $"<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{SecurityElement.Escape(TerminalText.OneLine(text))}</text>\n");
}
