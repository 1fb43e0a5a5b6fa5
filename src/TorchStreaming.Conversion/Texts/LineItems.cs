// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TorchStreaming.Conversion;

/// <summary>Items that are lines of text files, or records of several lines.</summary>
internal static class LineItems
{
    /// <summary>The longest line that is read. Longer ones are no texts but files of another format.</summary>
    public const int LongestLine = 1 << 28;

    /// <summary>The longest record of several lines. A quote that is never closed must not take the whole file in.</summary>
    private const int LongestRecord = 1 << 16;

    /// <summary>Tells whether a line is passed over.</summary>
    /// <param name="line">The line without its end.</param>
    public delegate bool BlankTest(ReadOnlySpan<byte> line);

    /// <summary>Tells whether a record continues with the next line.</summary>
    /// <param name="line">A line of the record, without its end.</param>
    /// <param name="isFirst">Whether the record begins with it.</param>
    public delegate bool OpenTest(ReadOnlySpan<byte> line, bool isFirst);

    /// <summary>Goes through the lines that are not blank.</summary>
    /// <param name="files">The files.</param>
    /// <param name="first">The first one to give.</param>
    /// <param name="isBlank">Tells blank ones.</param>
    public static IEnumerable<RawItem> Enumerate(FileSet files, int first, BlankTest isBlank) =>
        EnumerateRecords(files, first, isBlank, static (_, _) => false, passed: 0);

    /// <summary>Goes through records of one or several lines.</summary>
    /// <param name="files">The files.</param>
    /// <param name="first">The first one to give.</param>
    /// <param name="isBlank">Tells lines between records that are passed over.</param>
    /// <param name="isOpen">Tells whether a record continues with the next line.</param>
    /// <param name="passed">How many lines at the beginning of each file are no records.</param>
    /// <exception cref="SampleDecodeException">A record does not end.</exception>
    public static IEnumerable<RawItem> EnumerateRecords(FileSet files, int first, BlankTest isBlank, OpenTest isOpen, int passed)
    {
        var number = 0;
        foreach (var file in files.Files)
        {
            var path = file.In(files.Directory);
            using var lines = LineReader.Open(path, LongestLine);
            while (lines.TryRead(out var line))
            {
                if (lines.Line <= passed || isBlank(line.Span))
                {
                    continue;
                }

                var start = lines.Line;
                var record = isOpen(line.Span, true) ? ReadOn(lines, line, isOpen, path) : null;
                if (number++ >= first)
                {
                    yield return new RawItem(number - 1, new RawLine(path, start, record ?? line.ToArray()));
                }
            }
        }
    }

    private static byte[] ReadOn(LineReader lines, ReadOnlyMemory<byte> line, OpenTest isOpen, string path)
    {
        var start = lines.Line;
        var record = new ArrayBufferWriter<byte>();
        record.Write(line.Span);
        do
        {
            if (record.WrittenCount > LongestRecord || !lines.TryRead(out line))
            {
                throw new SampleDecodeException(
                    new ShardLocation(path), -1, $"line {start}: a double quote is opened and not closed. Repair the file, or get it again.");
            }

            record.Write("\n"u8);
            record.Write(line.Span);
        }
        while (isOpen(line.Span, false));

        return record.WrittenSpan.ToArray();
    }
}
