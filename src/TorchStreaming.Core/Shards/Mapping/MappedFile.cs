// SPDX-License-Identifier: MIT

using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Runtime.Intrinsics.X86;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchStreaming.Storage;

namespace TorchStreaming.Shards;

/// <summary>A file mapped read-only as a whole. The file's handle is closed at once: thousands of mapped shards hold no handles.</summary>
/// <remarks>The file must neither shrink nor change while it is mapped; a cache lease sees to that. Reads are thread-safe; disposal must
/// not race with them.</remarks>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte[]? _copy;
    private byte* _start;

    private MappedFile(MemoryMappedViewAccessor? view, long length)
    {
        _view = view;
        Length = length;
        if (view is not null)
        {
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
            _start += view.PointerOffset;
        }
    }

    private MappedFile(byte[] pinned)
    {
        _copy = pinned;
        Length = pinned.Length;
        _start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
    }

    /// <summary>Gets the file's size in bytes.</summary>
    public long Length { get; }

    /// <summary>Maps a file of a known size.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expectedLength">The size in bytes that the index promises.</param>
    /// <returns>The mapping.</returns>
    /// <exception cref="StorageException">The file cannot be opened or mapped.</exception>
    /// <exception cref="ShardIntegrityException">The file has another size.</exception>
    public static MappedFile Open(string path, long expectedLength)
    {
        var file = Open(path);
        if (file.Length == expectedLength)
        {
            return file;
        }

        file.Dispose();
        throw new ShardIntegrityException(
            new ShardLocation(path),
            "size",
            expectedLength.ToString(CultureInfo.InvariantCulture),
            file.Length.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Maps a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The mapping.</returns>
    /// <exception cref="StorageException">The file cannot be opened or mapped.</exception>
    public static MappedFile Open(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            if (file.Length == 0)
            {
                return new MappedFile(null, 0);
            }

            using var mapping = MemoryMappedFile.CreateFromFile(
                file, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            return new MappedFile(mapping.CreateViewAccessor(0, file.Length, MemoryMappedFileAccess.Read), file.Length);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.ToStorageException(exception, path);
        }
    }

    /// <summary>Holds the beginning of a file that is elsewhere, as if it were a file.</summary>
    /// <param name="bytes">The bytes, which are copied.</param>
    /// <returns>The copy.</returns>
    public static MappedFile Copy(ReadOnlySpan<byte> bytes)
    {
        var pinned = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(pinned);
        return new MappedFile(pinned);
    }

    /// <summary>Gets bytes of the file.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">The number of bytes.</param>
    /// <returns>A loan of mapped memory.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The bytes are not in the file.</exception>
    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        if ((ulong)offset > (ulong)Length || (uint)length > (ulong)(Length - offset))
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "The bytes are not in the file.");
        }

        ObjectDisposedException.ThrowIf(_start is null && Length > 0, this);
        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    /// <summary>Asks the processor to have the bytes at an offset at hand soon. Offsets outside the file do nothing.</summary>
    public void Prefetch(long offset)
    {
        if (Sse.IsSupported && (ulong)offset < (ulong)Length)
        {
            Sse.Prefetch0(_start + offset);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_start is null)
        {
            return;
        }

        _start = null;
        if (_copy is null)
        {
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
        }
    }
}
