// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Security;
using System.Text;

namespace TorchStreaming.Cli;

/// <summary>What all drawings have in common: a white sheet, and words on it.</summary>
internal static class SvgSheet
{
    /// <summary>Begins a sheet.</summary>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    public static StringBuilder Begin(int width, int height) => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n")
        .Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");

    /// <summary>Writes words.</summary>
    /// <param name="svg">The sheet.</param>
    /// <param name="x">The place of their anchor.</param>
    /// <param name="y">The place of their base line.</param>
    /// <param name="anchor"><c>start</c>, <c>middle</c> or <c>end</c>.</param>
    /// <param name="text">The words; control characters are shown as escapes.</param>
    public static void Write(StringBuilder svg, int x, int y, string anchor, string text) => svg.Append(
        CultureInfo.InvariantCulture,
        $"<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{SecurityElement.Escape(TerminalText.OneLine(text))}</text>\n");

    /// <summary>Ends a sheet.</summary>
    public static string End(StringBuilder svg) => svg.Append("</svg>\n").ToString();
}
