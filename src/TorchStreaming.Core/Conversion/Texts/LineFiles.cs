// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Globalization;

namespace TorchStreaming.Conversion;

/// <summary>Text files whose lines are items, read one after the other from front to back.</summary>
/// <param name="Directory">The full path of their folder.</param>
/// <param name="Files">The files, in the order in which they are read.</param>
internal sealed record LineFiles(string Directory, ImmutableArray<ListedFile> Files)
{
    /// <summary>The longest line that is read. Longer ones are no texts but files of another format.</summary>
    private const int LongestLine = 1 << 28;

    /// <summary>Tells whether a line is passed over.</summary>
    /// <param name="line">The line without its end.</param>
    public delegate bool BlankTest(ReadOnlySpan<byte> line);

    /// <summary>Adds paths and sizes of the files. Lines have no sizes of their own to be known by, so those of the files must all be the
    /// same.</summary>
    public void AppendIdentity(Action<string> append)
    {
        foreach (var file in Files)
        {
            append(file.Path);
            append(file.Bytes.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Goes through the lines that are not blank.</summary>
    /// <param name="first">The first one to give.</param>
    /// <param name="isBlank">Tells blank ones.</param>
    public IEnumerable<RawItem> Enumerate(int first, BlankTest isBlank)
    {
        var number = 0;
        foreach (var file in Files)
        {
            var path = file.In(Directory);
            using var lines = LineReader.Open(path, LongestLine);
            while (lines.TryRead(out var line))
            {
                if (!isBlank(line.Span) && number++ >= first)
                {
                    yield return new RawItem(number - 1, new RawLine(path, lines.Line, line.ToArray()));
                }
            }
        }
    }

    /// <summary>Makes the trace of a line that becomes no sample.</summary>
    public RefusedItem Refuse(RawLine line, string problem) => new(
        line.File,
        Path.GetRelativePath(Directory, line.File).Replace(Path.DirectorySeparatorChar, '/'),
        problem,
        string.Create(CultureInfo.InvariantCulture, $"line {line.Number}"));
}
