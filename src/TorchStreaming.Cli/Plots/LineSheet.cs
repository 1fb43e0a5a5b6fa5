// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace TorchStreaming.Cli;

/// <summary>Draws lines over a common horizontal axis, one panel below the other, as SVG.</summary>
internal static class LineSheet
{
    private const int Width = 720;
    private const int PanelHeight = 190;
    private const int Left = 80;
    private const int Right = 30;
    private const int Top = 34;
    private const int PlotHeight = 116;
    private const int Footer = 24;
    private const double NoHeight = 1e-12;

    /// <summary>Draws the sheet.</summary>
    /// <param name="axis">The unit of the horizontal axis.</param>
    /// <param name="positions">The positions on it, ascending, from 0 or more.</param>
    /// <param name="panels">The lines.</param>
    public static string Draw(string axis, IReadOnlyList<double> positions, IReadOnlyList<LinePanel> panels)
    {
        var svg = SvgSheet.Begin(Width, (panels.Count * PanelHeight) + Footer);
        for (var panel = 0; panel < panels.Count; panel++)
        {
            DrawPanel(svg, panel * PanelHeight, positions, panels[panel]);
        }

        SvgSheet.Write(svg, Left + ((Width - Left - Right) / 2), (panels.Count * PanelHeight) + 6, "middle", axis);
        return SvgSheet.End(svg);
    }

    private static void DrawPanel(StringBuilder svg, int y, IReadOnlyList<double> positions, LinePanel panel)
    {
        var frame = new PlotFrame(Left, y + Top, Width - Left - Right, PlotHeight);
        var most = Math.Max(Math.Max(panel.Values.DefaultIfEmpty(0).Max(), panel.Bound ?? 0), NoHeight);
        var last = Math.Max(positions.DefaultIfEmpty(0).Max(), NoHeight);
        SvgSheet.Write(svg, Left, y + 22, "start", panel.Title);
        frame.DrawScale(svg, most, atMost: 5);
        frame.DrawAxis(svg, 0, last, atMost: 10);
        if (panel.Bound is { } bound)
        {
            DrawLine(svg, "#b5541c\" stroke-dasharray=\"6 4", [(Left, GetY(bound)), (Width - Right, GetY(bound))]);
            svg.Append("<g fill=\"#b5541c\">");
            SvgSheet.Write(svg, Width - Right, y + 22, "end", panel.BoundName);
            svg.Append("</g>\n");
        }

        DrawLine(svg, "#3b6ea5", panel.Values.Select((value, i) => (Left + (positions[i] / last * frame.Width), GetY(value))));

        double GetY(double value) => frame.Bottom - (value / most * PlotHeight);
    }

    private static void DrawLine(StringBuilder svg, string stroke, IEnumerable<(double X, double Y)> points)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{stroke}\" stroke-width=\"1.5\" points=\"");
        foreach (var (x, y) in points)
        {
            svg.Append(CultureInfo.InvariantCulture, $"{x:0.##},{y:0.##} ");
        }

        svg.Append("\"/>\n");
    }
}
