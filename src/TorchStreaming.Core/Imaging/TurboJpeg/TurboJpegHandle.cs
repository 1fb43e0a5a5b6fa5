// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TorchStreaming.Imaging;

/// <summary>A libturbojpeg instance, for decompression or compression.</summary>
internal sealed unsafe class TurboJpegHandle : SafeHandle
{
    private readonly TurboJpegLibrary _library;

    private TurboJpegHandle(TurboJpegLibrary library, nint handle)
        : base(0, ownsHandle: true)
    {
        _library = library;
        SetHandle(handle);
    }

    public override bool IsInvalid => handle == 0;

    public static TurboJpegHandle CreateDecompressor(TurboJpegLibrary library) =>
        Check(new TurboJpegHandle(library, library.InitDecompress()));

    public static TurboJpegHandle CreateCompressor(TurboJpegLibrary library) =>
        Check(new TurboJpegHandle(library, library.InitCompress()));

    protected override bool ReleaseHandle() => _library.Destroy(handle) == 0;

    private static TurboJpegHandle Check(TurboJpegHandle created)
    {
        if (!created.IsInvalid)
        {
            return created;
        }

        created.Dispose();
        throw new InsufficientMemoryException("libturbojpeg could not make an instance.");
    }
}
