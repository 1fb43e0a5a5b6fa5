// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using TorchStreaming.Transforms;

namespace TorchStreaming.Loading;

/// <summary>A block of memory outside the managed heap that a batch column is written to, and its only owner.</summary>
/// <remarks>Spans given out are loans: valid until <see cref="Dispose()"/>. Different parts may be written by different threads at a
/// time.</remarks>
internal abstract unsafe class BatchMemory : IDisposable
{
    private byte* _address;

    /// <summary>Creates the block over memory that the derived class has allocated.</summary>
    /// <param name="type">The type of the elements.</param>
    /// <param name="elementCount">The number of elements.</param>
    /// <param name="address">The first byte, readable and writable until the derived class frees it; aligned to the element's size.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    protected BatchMemory(ElementType type, long elementCount, nint address)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementCount);
        Type = type;
        ElementCount = elementCount;
        ByteLength = checked(elementCount * type.SizeInBytes());
        _address = (byte*)address;
    }

    /// <summary>Gets the type of the elements.</summary>
    public ElementType Type { get; }

    /// <summary>Gets the number of elements.</summary>
    public long ElementCount { get; }

    /// <summary>Gets the size in bytes.</summary>
    public long ByteLength { get; }

    /// <summary>Gets a run of the bytes.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">The number of bytes.</param>
    /// <returns>The bytes, a loan.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The run is not within the block.</exception>
    /// <exception cref="ObjectDisposedException">The block was freed.</exception>
    public Span<byte> GetSpan(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_address is null && ByteLength > 0, this);
        if ((ulong)offset > (ulong)ByteLength || (ulong)length > (ulong)(ByteLength - offset))
        {
            ThrowOutside(offset, length);
        }

        return new Span<byte>(_address + offset, length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _address = null;
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory; called once or more.</summary>
    /// <param name="disposing">Whether this is a call of <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowOutside(long offset, int length) =>
        throw new ArgumentOutOfRangeException(
            nameof(offset), $"Bytes {offset} to {offset + length} are not within the {ByteLength} of the block.");
}
