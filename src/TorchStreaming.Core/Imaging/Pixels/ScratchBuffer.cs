// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TorchStreaming.Imaging;

/// <summary>Native memory that grows and never shrinks, for one thread. Growing drops the contents.</summary>
internal sealed unsafe class ScratchBuffer : IDisposable
{
    /// <summary>How many bytes to ask for on top, so that vector code may read a little too far.</summary>
    public const int Slack = 64;

    private const int Alignment = 64;

    private byte* _memory;
    private long _capacity;

    ~ScratchBuffer() => Free();

    /// <summary>Gets some bytes; what they hold is undefined.</summary>
    /// <exception cref="ImageDecodeException">They are more than one buffer may have.</exception>
    public Span<byte> Get(long size)
    {
        if (size > Array.MaxLength)
        {
            throw new ImageDecodeException($"The image takes {size} bytes while it is worked on, more than is possible.");
        }

        var needed = (int)size;
        if (needed > _capacity)
        {
            Free();
            _memory = (byte*)NativeMemory.AlignedAlloc((nuint)needed, Alignment);
            _capacity = needed;
        }

        return new Span<byte>(_memory, needed);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        _capacity = 0;
    }
}
