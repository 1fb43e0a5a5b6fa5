// SPDX-License-Identifier: MIT

using System.Net;

namespace TorchStreaming.Interactive;

/// <summary>Writes the few pieces of HTML that our values show themselves with. All text is escaped here, and nowhere else.</summary>
/// <param name="output">Where to.</param>
internal sealed class HtmlPage(TextWriter output)
{
    // Notebooks put tables side against side and move figures in. Colors are left to them, light or dark.
    private const string Margin = " style=\"margin:0 0 8px 0\"";

    /// <summary>Writes a line in bold.</summary>
    public void Title(string text) => output.Write($"<p><b>{WebUtility.HtmlEncode(text)}</b></p>");

    /// <summary>Writes a line of text.</summary>
    public void Text(string text) => output.Write($"<p>{WebUtility.HtmlEncode(text)}</p>");

    /// <summary>Writes a table.</summary>
    /// <param name="headings">The first row.</param>
    /// <param name="rows">The other rows, as long as the first.</param>
    public void Table(ReadOnlySpan<string> headings, IEnumerable<string[]> rows)
    {
        output.Write($"<table{Margin}><thead>");
        Row(headings, "th");
        output.Write("</thead><tbody>");
        foreach (var row in rows)
        {
            Row(row, "td");
        }

        output.Write("</tbody></table>");
    }

    /// <summary>Writes a table of names and what they are, without headings.</summary>
    /// <param name="facts">The names and values.</param>
    public void Facts(params IEnumerable<(string Name, string Value)> facts)
    {
        output.Write($"<table{Margin}><tbody>");
        foreach (var (name, value) in facts)
        {
            Row([name, value], "td");
        }

        output.Write("</tbody></table>");
    }

    /// <summary>Writes an image that is in the page itself.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="mimeType">The type of its bytes.</param>
    /// <param name="encoded">Its encoded bytes.</param>
    public void Image(string caption, string mimeType, ReadOnlySpan<byte> encoded)
    {
        var text = WebUtility.HtmlEncode(caption);
        output.Write($"<figure{Margin}><figcaption>{text}</figcaption><img alt=\"{text}\" style=\"max-width:100%\" src=\"data:{mimeType};base64,");
        output.Write(Convert.ToBase64String(encoded));
        output.Write("\"/></figure>");
    }

    private void Row(ReadOnlySpan<string> cells, string element)
    {
        output.Write("<tr>");
        foreach (var cell in cells)
        {
            output.Write($"<{element}>{WebUtility.HtmlEncode(cell)}</{element}>");
        }

        output.Write("</tr>");
    }
}
