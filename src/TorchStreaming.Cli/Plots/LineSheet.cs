// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Security;
using System.Text;

namespace TorchStreaming.Cli;

/// <summary>Draws lines over a common horizontal axis, one panel below the other, as SVG.</summary>
internal static class LineSheet
{
    private const int Width = 720;
    private const int PanelHeight = 190;
    private const int Left = 90;
    private const int Right = 20;
    private const int Top = 30;
    private const int PlotHeight = 120;

    /// <summary>Draws the sheet.</summary>
    /// <param name="axis">What the horizontal axis is.</param>
    /// <param name="positions">The positions on it, ascending.</param>
    /// <param name="panels">Titles and values, one value per position.</param>
    public static string Draw(string axis, IReadOnlyList<double> positions, IReadOnlyList<(string Title, IReadOnlyList<double> Values)> panels)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{panels.Count * PanelHeight}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        for (var panel = 0; panel < panels.Count; panel++)
        {
            DrawPanel(svg, panel * PanelHeight, axis, positions, panels[panel].Title, panels[panel].Values);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void DrawPanel(
        StringBuilder svg, int y, string axis, IReadOnlyList<double> positions, string title, IReadOnlyList<double> values)
    {
        var bottom = y + Top + PlotHeight;
        var most = Math.Max(values.DefaultIfEmpty(0).Max(), 1e-12);
        var last = Math.Max(positions.DefaultIfEmpty(0).Max(), 1e-12);
        Text(svg, Left, y + 18, "start", title);
        Text(svg, Left - 6, y + Top + 10, "end", most.ToString("G4", CultureInfo.InvariantCulture));
        Text(svg, Left - 6, bottom, "end", "0");
        Text(svg, Left, bottom + 16, "start", axis);
        Text(svg, Width - Right, bottom + 16, "end", last.ToString("G4", CultureInfo.InvariantCulture));
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {y + Top}V{bottom}H{Width - Right}\" fill=\"none\" stroke=\"#444\"/>\n");
        svg.Append("<polyline fill=\"none\" stroke=\"#3b6ea5\" stroke-width=\"1.5\" points=\"");
        for (var i = 0; i < values.Count; i++)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"{Left + (positions[i] / last * (Width - Left - Right)):0.##},{bottom - (values[i] / most * PlotHeight):0.##} ");
        }

        svg.Append("\"/>\n");
    }

    private static void Text(StringBuilder svg, int x, int y, string anchor, string text) => svg.Append(
        CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{SecurityElement.Escape(text)}</text>\n");
}
