// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace TorchStreaming.Cli;

/// <summary>The standard output as a stream that says when its reader has gone; the console's own stream stays silent and the tool would
/// work on for nobody.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "It is the tool's way to the standard output.")]
internal sealed class StandardOutput : Stream
{
    private readonly Stream _stream;

    private StandardOutput(Stream stream) => _stream = stream;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Opens a writer on the standard output: UTF-8, and for anything but a terminal buffered until it is flushed.</summary>
    public static TextWriter OpenWriter()
    {
        var terminal = !Console.IsOutputRedirected;
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new StreamWriter(new StandardOutput(Open()), encoding, terminal ? 1024 : 1 << 16)
        {
            AutoFlush = terminal,
        };
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _stream.Write(buffer);
        }
        catch (IOException exception) when (IsBrokenPipe(exception))
        {
            throw new BrokenPipeException(exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The standard output cannot be written: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => _stream.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Tells a reader that has gone from a full disk and the like: EPIPE, on Windows ERROR_BROKEN_PIPE or ERROR_NO_DATA.</summary>
    private static bool IsBrokenPipe(IOException exception) =>
        (exception.HResult & 0xffff) is var error && (OperatingSystem.IsWindows() ? error is 109 or 232 : error == 32);

    private static Stream Open()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return Console.OpenStandardOutput();
        }

        // Only for a pipe: a file may be shared with the standard error, and a FileStream keeps a position of its own.
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
    }
}
