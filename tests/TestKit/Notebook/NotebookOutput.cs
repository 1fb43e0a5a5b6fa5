// SPDX-License-Identifier: MIT

using System.Net;
using System.Text.RegularExpressions;
using TorchStreaming.Imaging;

namespace TorchStreaming.TestKit;

/// <summary>What a notebook would show: finds the formatter as notebooks do, by names alone.</summary>
public sealed partial class NotebookOutput
{
    private NotebookOutput(string html) => Html = html;

    /// <summary>Gets the HTML.</summary>
    public string Html { get; }

    /// <summary>Gets the text between the tags, decoded, images left out.</summary>
    public IReadOnlyList<string> Texts =>
        [.. Tag().Split(Html).Where(static text => text.Length > 0).Select(static text => WebUtility.HtmlDecode(text))];

    /// <summary>Gets the embedded images.</summary>
    public IReadOnlyList<byte[]> Images =>
        [.. Image().Matches(Html).Select(static match => Convert.FromBase64String(match.Groups["data"].Value))];

    /// <summary>Shows a value.</summary>
    public static NotebookOutput Of(object value)
    {
        var attribute = value.GetType().GetCustomAttributes(inherit: true)
            .Single(static found => found.GetType().Name == "TypeFormatterSourceAttribute");
        var source = Activator.CreateInstance((Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!)!;
        var formatters = (IEnumerable<object>)source.GetType().GetMethod("CreateTypeFormatters")!.Invoke(source, [])!;
        var formatter = formatters.Single(static made => (string)made.GetType().GetProperty("MimeType")!.GetValue(made)! == "text/html");
        var output = new StringWriter();
        var format = formatter.GetType().GetMethod("Format", [typeof(object), typeof(TextWriter)])!;
        if ((bool)format.Invoke(formatter, ["a foreign value", output])! || output.ToString().Length > 0)
        {
            throw new InvalidOperationException("The formatter takes values that are not ours.");
        }

        return (bool)format.Invoke(formatter, [value, output])!
            ? new NotebookOutput(output.ToString())
            : throw new InvalidOperationException($"The formatter does not take a {value.GetType()}.");
    }

    /// <summary>Decodes an embedded PNG.</summary>
    /// <returns>Its size, and its pixels as R, G, B.</returns>
    public static (int Width, int Height, byte[] Pixels) DecodePng(byte[] png)
    {
        using var decoder = PngDecoderFactory.Instance.Create(ImageDecoderOptions.Default);
        if (!decoder.TryReadInfo(png, out var info))
        {
            throw new InvalidOperationException("The image is not a PNG.");
        }

        var plan = decoder.Plan(png, info, new PixelRectangle(0, 0, info.Width, info.Height), 1);
        var pixels = new byte[plan.Size];
        decoder.Decode(png, plan, pixels);
        return (info.Width, info.Height, pixels);
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("src=\"data:image/(png|jpeg);base64,(?<data>[A-Za-z0-9+/=]*)\"")]
    private static partial Regex Image();
}
