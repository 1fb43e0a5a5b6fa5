// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace TorchStreaming.Cli;

/// <summary>Draws lines over a common horizontal axis, one panel below the other, as SVG.</summary>
internal static class LineSheet
{
    private const int Width = 720;
    private const int PanelHeight = 190;
    private const int Left = 70;
    private const int Right = 30;
    private const int Top = 30;
    private const int PlotHeight = 120;

    /// <summary>Draws the sheet.</summary>
    /// <param name="axis">What the horizontal axis is.</param>
    /// <param name="positions">The positions on it, ascending.</param>
    /// <param name="panels">Titles and values, one value per position.</param>
    public static string Draw(string axis, IReadOnlyList<double> positions, IReadOnlyList<(string Title, IReadOnlyList<double> Values)> panels)
    {
        var svg = SvgSheet.Begin(Width, panels.Count * PanelHeight);
        for (var panel = 0; panel < panels.Count; panel++)
        {
            DrawPanel(svg, panel * PanelHeight, axis, positions, panels[panel].Title, panels[panel].Values);
        }

        return SvgSheet.End(svg);
    }

    private static void DrawPanel(
        StringBuilder svg, int y, string axis, IReadOnlyList<double> positions, string title, IReadOnlyList<double> values)
    {
        var frame = new PlotFrame(Left, y + Top, Width - Left - Right, PlotHeight);
        var most = Math.Max(values.DefaultIfEmpty(0).Max(), 1e-12);
        var last = Math.Max(positions.DefaultIfEmpty(0).Max(), 1e-12);
        SvgSheet.Write(svg, Left, y + 18, "start", title);
        SvgSheet.Write(svg, Width - Right, frame.Bottom + 31, "end", axis);
        frame.DrawScale(svg, most, atMost: 5);
        frame.DrawAxis(svg, 0, last, atMost: 10);
        svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"#3b6ea5\" stroke-width=\"1.5\" points=\"");
        for (var i = 0; i < values.Count; i++)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"{Left + (positions[i] / last * frame.Width):0.##},{frame.Bottom - (values[i] / most * PlotHeight):0.##} ");
        }

        svg.Append("\"/>\n");
    }
}
