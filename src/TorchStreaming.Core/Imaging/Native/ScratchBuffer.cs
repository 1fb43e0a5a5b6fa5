// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TorchStreaming.Imaging;

/// <summary>Native memory that grows and never shrinks, for one thread. Growing drops the contents.</summary>
/// <remarks>Behind the asked-for bytes lie <see cref="Slack"/> more, so that vector code may read a little too far.</remarks>
internal sealed unsafe class ScratchBuffer : IDisposable
{
    public const int Slack = 64;

    private const int Alignment = 64;

    private byte* _memory;
    private long _capacity;

    ~ScratchBuffer() => Free();

    /// <summary>Gets at least some bytes; what they hold is undefined.</summary>
    public Span<byte> Get(long size)
    {
        var needed = checked((int)size) + (long)Slack;
        if (needed > _capacity)
        {
            Free();
            _memory = (byte*)NativeMemory.AlignedAlloc((nuint)needed, Alignment);
            _capacity = needed;
        }

        return new Span<byte>(_memory, (int)size);
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
