// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Reads the lines of a text file, compressed or not. One thread at a time.</summary>
internal sealed class LineReader : IDisposable
{
    /// <summary>What names of compressed files end with.</summary>
    private static readonly (string Extension, string Codec)[] Compressions = [(".gz", "gz"), (".zst", "zstd"), (".zstd", "zstd")];

    private readonly string _path;
    private readonly Stream _stream;
    private readonly FileStream _file;
    private readonly int _longest;
    private long _length;
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    private LineReader(string path, FileStream file, Stream stream, int longest)
    {
        _path = path;
        _file = file;
        _stream = stream;
        _longest = longest;
    }

    /// <summary>Gets the number of the line that was read last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The path; how it is compressed is told by what it ends with.</param>
    /// <param name="longest">The greatest length of a line in bytes.</param>
    /// <exception cref="StorageException">The file cannot be opened.</exception>
    /// <exception cref="NotSupportedException">This machine has no codec for the compression.</exception>
    public static LineReader Open(string path, int longest)
    {
        var codec = Compressions.FirstOrDefault(known => path.EndsWith(known.Extension, StringComparison.OrdinalIgnoreCase)).Codec;
        var decompressor = codec is null ? null : CompressionCodecs.Get(codec);
        FileStream? file = null;
        LocalFiles.Guard(path, () => file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan));
        return new LineReader(path, file!, decompressor is null ? file! : decompressor.OpenDecompressor(file!), longest);
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
                ThrowIfCutOff(isUnterminated: searched > 0);
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
            _length += read;
            _isAtEnd = read == 0;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw Damaged("the compressed data is damaged or cut off. Get the file again.", exception);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.ToStorageException(exception, _path);
        }
    }

    /// <summary>The system's gzip decoder takes a file that ends within its data for whole. One that ends within a line is looked at: its last
    /// four bytes must be the number of bytes it holds, as they are unless several files were put together.</summary>
    private void ThrowIfCutOff(bool isUnterminated)
    {
        if (!isUnterminated || !_path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        Span<byte> end = stackalloc byte[sizeof(uint)];
        RandomAccess.Read(_file.SafeFileHandle, end, RandomAccess.GetLength(_file.SafeFileHandle) - end.Length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != (uint)_length)
        {
            throw Damaged("the compressed data is cut off. Get the file again.", null);
        }
    }

    private SampleDecodeException Damaged(string problem, Exception? cause) =>
        new(new ShardLocation(_path), -1, $"line {Line + 1}: {problem}", cause);
}
