// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace TorchStreaming.Diagnostics;

/// <summary>Says what shape something has.</summary>
internal static class ShapeText
{
    /// <summary>Renders, for example, <c>64×3×224×224</c>; a dimension that differs from value to value is <c>?</c>.</summary>
    /// <param name="shape">The dimensions, of which those below 0 differ from value to value.</param>
    public static string Of(ReadOnlySpan<long> shape)
    {
        var text = new StringBuilder();
        foreach (var size in shape)
        {
            text.Append(text.Length > 0 ? "×" : "");
            _ = size < 0 ? text.Append('?') : text.Append(CultureInfo.InvariantCulture, $"{size}");
        }

        return text.ToString();
    }
}
