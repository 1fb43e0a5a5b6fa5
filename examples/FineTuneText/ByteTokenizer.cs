// SPDX-License-Identifier: MIT

using System.Text;
using TorchStreaming;

namespace FineTuneText;

/// <summary>The smallest tokenizer there is: a token for each byte of UTF-8, one for the end of a text, and one for padding. Any other is a
/// delegate of the same kind.</summary>
internal static class ByteTokenizer
{
    /// <summary>Fills what is left of a row.</summary>
    public const int Padding = 0;

    /// <summary>The number of tokens: padding, 256 bytes, the end.</summary>
    public const int VocabularySize = 258;

    private const int EndOfText = 257;

    /// <summary>Gets the tokenizer.</summary>
    public static TextTokenizer Instance { get; } = Tokenize;

    private static int[] Tokenize(string text, int maximumLength)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var tokens = new int[Math.Min(bytes.Length + 1, maximumLength)];
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = i < bytes.Length ? bytes[i] + 1 : EndOfText;
        }

        return tokens;
    }
}
