// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchStreaming.Tensors;

/// <summary>Turns spans over native memory into addresses.</summary>
internal static unsafe class NativeAddress
{
    /// <summary>Gets the address of a span's first byte. The span must be outside the managed heap.</summary>
    public static nint Of(Span<byte> native) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(native));
}
