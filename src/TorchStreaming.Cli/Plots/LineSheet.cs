// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace TorchStreaming.Cli;

/// <summary>Draws lines over a common horizontal axis, one panel below the other, as SVG.</summary>
internal static class LineSheet
{
    private const int Width = 720;
    private const int PanelHeight = 180;
    private const int Left = 80;
    private const int Right = 24;
    private const int Top = 34;
    private const int PlotHeight = 110;
    private const int PlotWidth = Width - Left - Right;
    private const int Footer = 24;

    /// <summary>Draws the sheet.</summary>
    /// <param name="axis">The unit of the horizontal axis.</param>
    /// <param name="positions">The positions on it, ascending, from 0 or more.</param>
    /// <param name="panels">The lines.</param>
    public static string Draw(string axis, IReadOnlyList<double> positions, IReadOnlyList<LinePanel> panels)
    {
        var svg = SvgSheet.Begin(Width, (panels.Count * PanelHeight) + Footer);
        var across = AxisTicks.Choose(positions.DefaultIfEmpty(0).Max(), 8);
        for (var panel = 0; panel < panels.Count; panel++)
        {
            DrawPanel(svg, panel * PanelHeight, across, positions, panels[panel]);
        }

        SvgSheet.Write(svg, Left + (PlotWidth / 2), (panels.Count * PanelHeight) + 6, "middle", axis);
        return SvgSheet.End(svg);
    }

    private static void DrawPanel(StringBuilder svg, int y, AxisTicks across, IReadOnlyList<double> positions, LinePanel panel)
    {
        var bottom = y + Top + PlotHeight;
        var up = AxisTicks.Choose(Math.Max(panel.Values.DefaultIfEmpty(0).Max(), panel.Bound ?? 0), 4);
        SvgSheet.Write(svg, Left, y + 22, "start", panel.Title);
        for (var mark = 0; mark <= up.Count; mark++)
        {
            var at = bottom - (PlotHeight * mark / up.Count);
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {at}H{Width - Right}\" stroke=\"{(mark == 0 ? "#444" : "#ddd")}\"/>\n");
            SvgSheet.Write(svg, Left - 8, at + 4, "end", up.Label(mark));
        }

        for (var mark = 0; mark <= across.Count; mark++)
        {
            var at = Left + (PlotWidth * mark / across.Count);
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{at} {bottom}v4\" stroke=\"#444\"/>\n");
            SvgSheet.Write(svg, at, bottom + 18, "middle", across.Label(mark));
        }

        if (panel.Bound is { } bound)
        {
            DrawLine(svg, "#b5541c\" stroke-dasharray=\"6 4", [(Left, GetY(bound)), (Width - Right, GetY(bound))]);
            svg.Append("<g fill=\"#b5541c\">");
            SvgSheet.Write(svg, Width - Right, y + 22, "end", panel.BoundName);
            svg.Append("</g>\n");
        }

        DrawLine(svg, "#3b6ea5", panel.Values.Select((value, i) => (Left + (positions[i] / across.End * PlotWidth), GetY(value))));

        double GetY(double value) => bottom - (value / up.End * PlotHeight);
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
