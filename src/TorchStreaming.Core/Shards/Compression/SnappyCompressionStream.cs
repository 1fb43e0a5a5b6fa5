// SPDX-License-Identifier: MIT

namespace TorchStreaming.Shards;

/// <summary>Gathers what is written and compresses it on disposal, since a snappy block starts with its length.</summary>
internal sealed class SnappyCompressionStream : OneWayStream
{
    private readonly Stream _output;
    private readonly MemoryStream _content;
    private bool _isDisposed;

    public SnappyCompressionStream(Stream output, long contentSize)
    {
        _output = output;
        _content = new MemoryStream((int)Math.Min(contentSize, Array.MaxLength));
    }

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => _content.Write(buffer);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            SnappyBlock.Compress(_content.GetBuffer().AsMemory(0, (int)_content.Length), _output);
            _content.Dispose();
        }

        base.Dispose(disposing);
    }
}
