// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Runtime.InteropServices;

namespace TorchStreaming.Caching;

/// <summary>The text of an index while it is read, outside the managed heap: large indexes are many megabytes that nobody needs once they
/// are parsed, and the heap would keep them.</summary>
/// <remarks>Not thread-safe. Views of it end with it.</remarks>
internal sealed unsafe class IndexText : MemoryManager<byte>
{
    private const int LeastCapacity = 1 << 12;

    private byte* _bytes;
    private int _capacity;
    private bool _isDisposed;

    /// <summary>Gets the number of bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Gets the bytes for asynchronous writing.</summary>
    public override Memory<byte> Memory => CreateMemory(Length);

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new Span<byte>(_bytes, Length);
    }

    /// <summary>Adds bytes at the end.</summary>
    /// <param name="bytes">The bytes; together at most <see cref="IndexDownload.SizeLimit"/>.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var length = checked(Length + bytes.Length);
        if (length > _capacity)
        {
            var capacity = (int)Math.Clamp(2L * _capacity, Math.Max(length, LeastCapacity), Math.Max(length, IndexDownload.SizeLimit));
            _bytes = (byte*)NativeMemory.Realloc(_bytes, (nuint)capacity);
            _capacity = capacity;
        }

        bytes.CopyTo(new Span<byte>(_bytes + Length, bytes.Length));
        Length = length;
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)Length, nameof(elementIndex));
        return new MemoryHandle(_bytes + elementIndex, pinnable: this);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <summary>Gives the memory back.</summary>
    /// <param name="disposing">Always <see langword="true"/>: spans do not keep this object alive, so it has no finalizer.</param>
    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        NativeMemory.Free(_bytes);
        _bytes = null;
    }
}
