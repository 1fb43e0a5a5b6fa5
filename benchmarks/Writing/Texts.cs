// SPDX-License-Identifier: MIT

using System.Text;

namespace TorchStreaming.Benchmarks.Writing;

/// <summary>Lines of about 1.1 KB made of words whose frequencies fall as in a language, so that they compress about as text does.</summary>
internal static class Texts
{
    private const int Lines = 20_000;
    private const int Words = 20_000;
    private const int LineLength = 1_100;

    /// <summary>Makes the lines, the same in every run.</summary>
    public static string[] Create()
    {
        var random = new Random(1);
        var words = new string[Words];
        for (var i = 0; i < Words; i++)
        {
            words[i] = string.Concat(Enumerable.Range(0, random.Next(2, 10)).Select(_ => (char)('a' + (random.Next(26) * random.Next(26) / 26))));
        }

        var lines = new string[Lines];
        var line = new StringBuilder();
        for (var i = 0; i < Lines; i++)
        {
            line.Clear();
            while (line.Length < LineLength)
            {
                line.Append(words[(int)Math.Pow(Words, random.NextDouble()) - 1]).Append(' ');
            }

            lines[i] = line.ToString();
        }

        return lines;
    }
}
