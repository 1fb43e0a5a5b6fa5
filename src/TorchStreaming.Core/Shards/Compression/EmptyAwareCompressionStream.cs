// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Passes on to an encoder of the base class library, which writes nothing at all for empty content, and writes what other
/// programs expect in that case.</summary>
internal sealed class EmptyAwareCompressionStream : OneWayStream
{
    private readonly Func<Stream> _open;
    private readonly Stream _output;
    private readonly ReadOnlyMemory<byte> _emptyForm;
    private readonly bool _leaveOpen;
    private Stream? _encoder;
    private bool _isDisposed;

    /// <summary>Creates the stream.</summary>
    /// <param name="open">Opens the encoder's stream, at the first byte; it is disposed with this one.</param>
    /// <param name="output">Where the encoder writes, without disposing it.</param>
    /// <param name="emptyForm">The compressed form of no content.</param>
    /// <param name="leaveOpen">Whether the output is not disposed with this stream.</param>
    public EmptyAwareCompressionStream(Func<Stream> open, Stream output, ReadOnlyMemory<byte> emptyForm, bool leaveOpen = true)
    {
        _leaveOpen = leaveOpen;
        _open = open;
        _output = output;
        _emptyForm = emptyForm;
    }

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!buffer.IsEmpty)
        {
            (_encoder ??= _open()).Write(buffer);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            if (_encoder is null)
            {
                _output.Write(_emptyForm.Span);
            }
            else
            {
                _encoder.Dispose();
            }

            if (!_leaveOpen)
            {
                _output.Dispose();
            }
        }

        base.Dispose(disposing);
    }
}
