// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TorchStreaming.Shards;

/// <summary>The system's libzstd, where there is one.</summary>
/// <remarks>Entry points are looked up by hand, not by a resolver of the assembly, of which there can be only one.</remarks>
internal static unsafe class LibZstd
{
    /// <summary>What <c>ZSTD_compressStream2</c> does with its input.</summary>
    public enum EndDirective
    {
        /// <summary>Take input; more follows.</summary>
        Continue = 0,

        /// <summary>Take input and end the frame.</summary>
        End = 2,
    }

    private static readonly string[] FileNames =
        ["libzstd.so.1", "libzstd.1.dylib", "libzstd.dylib", "libzstd.dll", "zstd.dll", "libzstd.so"];

    private static readonly delegate* unmanaged[Cdecl]<nint> CreateDCtx;
    private static readonly delegate* unmanaged[Cdecl]<nint, nuint> FreeDCtx;
    private static readonly delegate* unmanaged[Cdecl]<nint, int, int, nuint> DCtxSetParameter;
    private static readonly delegate* unmanaged[Cdecl]<nint, ZstdBuffer*, ZstdBuffer*, nuint> DecompressStream;
    private static readonly delegate* unmanaged[Cdecl]<nint> CreateCCtx;
    private static readonly delegate* unmanaged[Cdecl]<nint, nuint> FreeCCtx;
    private static readonly delegate* unmanaged[Cdecl]<nint, int, int, nuint> CCtxSetParameter;
    private static readonly delegate* unmanaged[Cdecl]<nint, ulong, nuint> CCtxSetPledgedSrcSize;
    private static readonly delegate* unmanaged[Cdecl]<nint, ZstdBuffer*, ZstdBuffer*, EndDirective, nuint> CompressStream2;
    private static readonly delegate* unmanaged[Cdecl]<nuint, uint> IsErrorCode;
    private static readonly delegate* unmanaged[Cdecl]<nuint, byte*> GetErrorName;

    static LibZstd()
    {
        if (!TryLoad(out var library))
        {
            return;
        }

        CreateDCtx = (delegate* unmanaged[Cdecl]<nint>)Find(library, "ZSTD_createDCtx");
        FreeDCtx = (delegate* unmanaged[Cdecl]<nint, nuint>)Find(library, "ZSTD_freeDCtx");
        DCtxSetParameter = (delegate* unmanaged[Cdecl]<nint, int, int, nuint>)Find(library, "ZSTD_DCtx_setParameter");
        DecompressStream = (delegate* unmanaged[Cdecl]<nint, ZstdBuffer*, ZstdBuffer*, nuint>)Find(library, "ZSTD_decompressStream");
        CreateCCtx = (delegate* unmanaged[Cdecl]<nint>)Find(library, "ZSTD_createCCtx");
        FreeCCtx = (delegate* unmanaged[Cdecl]<nint, nuint>)Find(library, "ZSTD_freeCCtx");
        CCtxSetParameter = (delegate* unmanaged[Cdecl]<nint, int, int, nuint>)Find(library, "ZSTD_CCtx_setParameter");
        CCtxSetPledgedSrcSize = (delegate* unmanaged[Cdecl]<nint, ulong, nuint>)Find(library, "ZSTD_CCtx_setPledgedSrcSize");
        CompressStream2 = (delegate* unmanaged[Cdecl]<nint, ZstdBuffer*, ZstdBuffer*, EndDirective, nuint>)Find(
            library, "ZSTD_compressStream2");
        IsErrorCode = (delegate* unmanaged[Cdecl]<nuint, uint>)Find(library, "ZSTD_isError");
        GetErrorName = (delegate* unmanaged[Cdecl]<nuint, byte*>)Find(library, "ZSTD_getErrorName");

        // Libraries before 1.4 lack the functions with parameters; they are taken for none.
        IsAvailable = DCtxSetParameter is not null && CompressStream2 is not null;
    }

    /// <summary>Gets whether the library was found.</summary>
    public static bool IsAvailable { get; }

    public static nint CreateDecompressor(int maxWindowLog)
    {
        const int windowLogMax = 100;
        var context = CheckContext(CreateDCtx());
        Check(DCtxSetParameter(context, windowLogMax, maxWindowLog));
        return context;
    }

    public static void FreeDecompressor(nint context) => FreeDCtx(context);

    /// <summary>Decompresses some bytes.</summary>
    /// <returns>0 at the end of a frame; else more is needed.</returns>
    public static nuint Decompress(nint context, ref ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        fixed (byte* source = input, target = output)
        {
            var from = new ZstdBuffer { Start = source, Size = (nuint)input.Length };
            var to = new ZstdBuffer { Start = target, Size = (nuint)output.Length };
            var hint = Check(DecompressStream(context, &to, &from));
            input = input[(int)from.Position..];
            written = (int)to.Position;
            return hint;
        }
    }

    public static nint CreateCompressor(int level, long? contentSize)
    {
        const int compressionLevel = 100;
        var context = CheckContext(CreateCCtx());
        Check(CCtxSetParameter(context, compressionLevel, level));
        if (contentSize is { } size)
        {
            Check(CCtxSetPledgedSrcSize(context, checked((ulong)size)));
        }

        return context;
    }

    public static void FreeCompressor(nint context) => FreeCCtx(context);

    /// <summary>Compresses some bytes.</summary>
    /// <returns>How many bytes are left to be given out; 0 at the end of the frame.</returns>
    public static nuint Compress(nint context, ref ReadOnlySpan<byte> input, Span<byte> output, EndDirective end, out int written)
    {
        fixed (byte* source = input, target = output)
        {
            var from = new ZstdBuffer { Start = source, Size = (nuint)input.Length };
            var to = new ZstdBuffer { Start = target, Size = (nuint)output.Length };
            var left = Check(CompressStream2(context, &to, &from, end));
            input = input[(int)from.Position..];
            written = (int)to.Position;
            return left;
        }
    }

    private static bool TryLoad(out nint library)
    {
        foreach (var name in FileNames)
        {
            if (NativeLibrary.TryLoad(name, typeof(LibZstd).Assembly, null, out library))
            {
                return true;
            }
        }

        library = 0;
        return false;
    }

    private static void* Find(nint library, string name) =>
        NativeLibrary.TryGetExport(library, name, out var address) ? (void*)address : null;

    private static nint CheckContext(nint context) =>
        context != 0 ? context : throw new InsufficientMemoryException("libzstd could not allocate a context.");

    private static nuint Check(nuint result) => IsErrorCode(result) == 0
        ? result
        : throw new InvalidDataException($"zstd: {Marshal.PtrToStringUTF8((nint)GetErrorName(result))}");

    /// <summary>libzstd's view of memory: <c>ZSTD_inBuffer</c> and <c>ZSTD_outBuffer</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ZstdBuffer
    {
        public byte* Start;
        public nuint Size;
        public nuint Position;
    }
}
