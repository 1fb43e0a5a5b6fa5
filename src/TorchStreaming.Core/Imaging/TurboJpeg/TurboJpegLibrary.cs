// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TorchStreaming.Imaging;

/// <summary>The system's libturbojpeg, bound by hand: a missing library or function is an answer, not an exception at the first
/// call.</summary>
/// <remarks>Function pointers instead of <c>LibraryImport</c>: an assembly has but one import resolver, and other codecs of the engine look
/// for libraries of their own. Signatures follow turbojpeg.h of version 2; version 3 keeps them.</remarks>
internal sealed unsafe class TurboJpegLibrary
{
    private static readonly string[] Names =
        OperatingSystem.IsWindows() ? ["turbojpeg.dll", "libturbojpeg.dll"]
        : OperatingSystem.IsMacOS() ?
        [
            "libturbojpeg.0.dylib",
            "libturbojpeg.dylib",
            "/opt/homebrew/opt/jpeg-turbo/lib/libturbojpeg.dylib",
            "/usr/local/opt/jpeg-turbo/lib/libturbojpeg.dylib",
        ]
        : ["libturbojpeg.so.0", "libturbojpeg.so"];

    private static readonly Lazy<TurboJpegLibrary?> LoadedOnce = new(Load);

    public readonly delegate* unmanaged[Cdecl]<nint> InitDecompress;
    public readonly delegate* unmanaged[Cdecl]<nint> InitCompress;
    public readonly delegate* unmanaged[Cdecl]<nint, int> Destroy;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*> GetErrorString;
    public readonly delegate* unmanaged[Cdecl]<nint, int> GetErrorCode;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, CULong, int*, int*, int*, int*, int> DecompressHeader;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, CULong, byte*, int, int, int, int, int, int> Decompress;
    public readonly delegate* unmanaged[Cdecl]<int, int, int, CULong> BufferSize;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, int, int, int, int, byte**, CULong*, int, int, int, int> Compress;

    private TurboJpegLibrary(nint library)
    {
        InitDecompress = (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(library, "tjInitDecompress");
        InitCompress = (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(library, "tjInitCompress");
        Destroy = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "tjDestroy");
        GetErrorString = (delegate* unmanaged[Cdecl]<nint, byte*>)NativeLibrary.GetExport(library, "tjGetErrorStr2");
        GetErrorCode = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "tjGetErrorCode");
        DecompressHeader =
            (delegate* unmanaged[Cdecl]<nint, byte*, CULong, int*, int*, int*, int*, int>)
            NativeLibrary.GetExport(library, "tjDecompressHeader3");
        Decompress =
            (delegate* unmanaged[Cdecl]<nint, byte*, CULong, byte*, int, int, int, int, int, int>)
            NativeLibrary.GetExport(library, "tjDecompress2");
        BufferSize = (delegate* unmanaged[Cdecl]<int, int, int, CULong>)NativeLibrary.GetExport(library, "tjBufSize");
        Compress =
            (delegate* unmanaged[Cdecl]<nint, byte*, int, int, int, int, byte**, CULong*, int, int, int, int>)
            NativeLibrary.GetExport(library, "tjCompress2");
    }

    /// <summary>Gets the library, or <see langword="null"/> when the machine has none (or one older than 2.0).</summary>
    public static TurboJpegLibrary? Loaded => LoadedOnce.Value;

    /// <summary>Gets the library.</summary>
    /// <exception cref="InvalidOperationException">The machine has none.</exception>
    public static TurboJpegLibrary Required => Loaded ?? throw new InvalidOperationException(
        "libturbojpeg (version 2.0 or later) was not found. Install it (Debian and Ubuntu: package libturbojpeg0).");

    /// <summary>Gets the text of the last failure.</summary>
    public string GetError(nint handle) => Marshal.PtrToStringUTF8((nint)GetErrorString(handle)) ?? "unknown error";

    private static TurboJpegLibrary? Load()
    {
        foreach (var name in Names)
        {
            if (!NativeLibrary.TryLoad(name, typeof(TurboJpegLibrary).Assembly, null, out var library))
            {
                continue;
            }

            try
            {
                return new TurboJpegLibrary(library);
            }
            catch (EntryPointNotFoundException)
            {
                NativeLibrary.Free(library);
            }
        }

        return null;
    }
}
