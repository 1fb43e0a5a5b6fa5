// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace TorchStreaming.Cli;

/// <summary>The place of a drawing on a sheet, with round numbers on its two axes.</summary>
/// <param name="Left">Its left edge in pixels.</param>
/// <param name="Top">Its upper edge.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
internal sealed record PlotFrame(int Left, int Top, int Width, int Height)
{
    /// <summary>Gets its lower edge.</summary>
    public int Bottom => Top + Height;

    /// <summary>Draws the vertical axis from 0, with a thin line across for each number.</summary>
    /// <param name="svg">The sheet.</param>
    /// <param name="max">The value at the upper edge.</param>
    /// <param name="atMost">How many numbers there may be.</param>
    /// <param name="leastStep">How far two numbers must be apart.</param>
    public void DrawScale(StringBuilder svg, double max, int atMost, double leastStep = 0)
    {
        foreach (var tick in Axis.Ticks(0, max, atMost, leastStep))
        {
            var y = Bottom - (max > 0 ? (int)Math.Round(tick / max * Height) : 0);
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {y}h{Width}\" stroke=\"#ddd\"/>\n");
            SvgSheet.Write(svg, Left - 6, y + 4, "end", Axis.Label(tick));
        }
    }

    /// <summary>Draws the horizontal axis.</summary>
    /// <param name="svg">The sheet.</param>
    /// <param name="min">The value at the left edge.</param>
    /// <param name="max">The value at the right edge.</param>
    /// <param name="atMost">How many numbers there may be.</param>
    /// <param name="leastStep">How far two numbers must be apart.</param>
    public void DrawAxis(StringBuilder svg, double min, double max, int atMost, double leastStep = 0)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {Bottom}h{Width}\" stroke=\"#444\"/>\n");
        foreach (var tick in Axis.Ticks(min, max, atMost, leastStep))
        {
            var x = Left + (max > min ? (int)Math.Round((tick - min) / (max - min) * Width) : Width / 2);
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x} {Bottom}v4\" stroke=\"#444\"/>\n");
            SvgSheet.Write(svg, x, Bottom + 16, "middle", Axis.Label(tick));
        }
    }
}
