// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace TorchStreaming.Cli;

/// <summary>Makes text from data and file names safe to show: control characters could move the cursor or recolor the terminal.</summary>
internal static class TerminalText
{
    /// <summary>Replaces control characters by their escapes.</summary>
    /// <param name="text">Text from anywhere.</param>
    /// <returns>Text of one line.</returns>
    public static string OneLine(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 8);
        foreach (var character in text)
        {
            _ = character switch
            {
                '\n' => safe.Append("\\n"),
                '\r' => safe.Append("\\r"),
                '\t' => safe.Append("\\t"),
                _ when char.IsControl(character) => safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => safe.Append(character),
            };
        }

        return safe.ToString();
    }
}
