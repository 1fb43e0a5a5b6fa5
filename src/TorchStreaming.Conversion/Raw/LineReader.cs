// SPDX-License-Identifier: MIT

using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.GZip;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Reads the lines of a text file, compressed or not. One thread at a time.</summary>
internal sealed class LineReader : IDisposable
{
    /// <summary>What names of compressed files end with.</summary>
    private static readonly string[] GzipExtensions = [".gz"];
    private static readonly string[] ZstandardExtensions = [".zst", ".zstd"];

    private readonly string _path;
    private readonly Stream _stream;
    private readonly int _longest;
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    private LineReader(string path, Stream stream, int longest)
    {
        _path = path;
        _stream = stream;
        _longest = longest;
    }

    /// <summary>Gets the number of the line that was read last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The path; how it is compressed is told by what it ends with.</param>
    /// <param name="longest">The maximum length of a line in bytes.</param>
    /// <exception cref="StorageException">The file cannot be opened.</exception>
    public static LineReader Open(string path, int longest)
    {
        var zstandard = HasExtension(path, ZstandardExtensions) ? CompressionCodecs.Get("zstd") : null;
        FileStream? file = null;
        LocalFiles.Guard(path, () => file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan));

        // The system's gzip decoder takes a file that is cut off for whole, and nothing else knows how long these are.
        var stream = HasExtension(path, GzipExtensions) ? new GZipInputStream(file!, 1 << 16) : zstandard?.OpenDecompressor(file!) ?? file!;
        return new LineReader(path, stream, longest);
    }

    /// <summary>Reads the next line.</summary>
    /// <param name="line">The line without its end; valid until the next call.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    /// <exception cref="SampleDecodeException">The compressed data is damaged or cut off, or the line is too long.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        for (var searched = 0; ;)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                line = Take(searched + found, skip: 1);
                return true;
            }

            searched = _end - _start;
            if (_isAtEnd)
            {
                line = searched > 0 ? Take(searched, skip: 0) : default;
                return searched > 0;
            }

            Fill();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private ReadOnlyMemory<byte> Take(int length, int skip)
    {
        var line = _buffer.AsMemory(_start, length);
        _start += length + skip;
        var isFirst = Line++ == 0;
        if (isFirst && line.Span.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        return line.Length > 0 && line.Span[^1] == '\r' ? line[..^1] : line;
    }

    private void Fill()
    {
        var kept = _end - _start;
        if (kept > _longest)
        {
            throw Damaged($"it is longer than {_longest} bytes. Is this a file of lines?", null);
        }

        var target = kept <= _buffer.Length / 2 ? _buffer : new byte[2 * _buffer.Length];
        _buffer.AsSpan(_start, kept).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, kept);
        try
        {
            var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += read;
            _isAtEnd = read == 0;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or SharpZipBaseException)
        {
            throw Damaged("the compressed data is damaged or cut off. Get the file again.", exception);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.ToStorageException(exception, _path);
        }
    }

    private static bool HasExtension(string path, string[] extensions) =>
        extensions.Any(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    private SampleDecodeException Damaged(string problem, Exception? cause) =>
        new(new ShardLocation(_path), -1, $"line {Line + 1}: {problem}", cause);
}
