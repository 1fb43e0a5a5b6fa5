// SPDX-License-Identifier: MIT

using System.Net;
using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive.Formatting;

namespace TorchStreaming.Interactive.Tests;

/// <summary>What a notebook would show of a value.</summary>
internal sealed partial class NotebookOutput
{
    static NotebookOutput() => NotebookFormatters.Register();

    private NotebookOutput(object value) => Html = value.ToDisplayString(HtmlFormatter.MimeType);

    /// <summary>Gets the HTML.</summary>
    public string Html { get; }

    /// <summary>Gets the text between the tags, decoded, images left out.</summary>
    public IReadOnlyList<string> Texts =>
        [.. Tag().Split(Html).Where(static text => text.Length > 0).Select(static text => WebUtility.HtmlDecode(text))];

    /// <summary>Gets the embedded images.</summary>
    public IReadOnlyList<byte[]> Images =>
        [.. Image().Matches(Html).Select(static match => Convert.FromBase64String(match.Groups["data"].Value))];

    /// <summary>Shows a value.</summary>
    public static NotebookOutput Of(object value) => new(value);

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("src=\"data:image/(png|jpeg);base64,(?<data>[A-Za-z0-9+/=]*)\"")]
    private static partial Regex Image();
}
