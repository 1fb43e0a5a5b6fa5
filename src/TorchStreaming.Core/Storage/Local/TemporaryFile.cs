// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;

namespace TorchStreaming.Storage;

/// <summary>A file that is written under a unique name beside its destination and then renamed over it, so that the destination is whole at
/// every instant. Disposed without <see cref="PublishAsync"/> it leaves nothing behind.</summary>
/// <remarks>Nothing is flushed to the disk: after a loss of power a file may have its length and not its bytes, which its readers find
/// out.</remarks>
internal sealed class TemporaryFile : IAsyncDisposable
{
    private const string Suffix = ".ts-tmp";
    private const int TokenLength = 32;
    private const int BufferSize = 1 << 16;

    private readonly string _path;
    private readonly string _destination;
    private bool _published;

    private TemporaryFile(string path, string destination, FileStream stream)
    {
        _path = path;
        _destination = destination;
        Stream = stream;
    }

    /// <summary>Gets the open file, for writing and then for reading back.</summary>
    public FileStream Stream { get; }

    /// <summary>Creates the file, and the folders on the way to it.</summary>
    /// <param name="destination">The name that it will get.</param>
    /// <param name="size">How much will be written, so that a disk without room says so before; 0 for unknown.</param>
    /// <exception cref="IOException">There is no room, or the file cannot be made.</exception>
    public static TemporaryFile Create(string destination, long size = 0)
    {
        var folder = Path.GetDirectoryName(destination)!;
        Directory.CreateDirectory(folder);
        ThrowIfNoRoom(folder, size);
        var path = $"{destination}.{Guid.NewGuid():N}{Suffix}";
        var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read | FileShare.Delete,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            BufferSize = BufferSize,
        });
        return new TemporaryFile(path, destination, stream);
    }

    /// <summary>Says whether a file is a temporary one, and of what.</summary>
    public static bool TryGetDestination(string path, [NotNullWhen(true)] out string? destination)
    {
        destination = null;
        var end = path.Length - Suffix.Length - TokenLength - 1;
        if (end <= 0
            || !path.EndsWith(Suffix, StringComparison.Ordinal)
            || path[end] != '.'
            || !Guid.TryParseExact(path.AsSpan(end + 1, TokenLength), "N", out _))
        {
            return false;
        }

        destination = path[..end];
        return true;
    }

    /// <summary>Closes the file and gives it its name, replacing what has that name.</summary>
    public async ValueTask PublishAsync()
    {
        await Stream.DisposeAsync().ConfigureAwait(false);
        File.Move(_path, _destination, overwrite: true);
        _published = true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException) when (!_published)
        {
            // A full disk refuses the last buffer a second time; the file goes anyway.
        }

        if (!_published)
        {
            try
            {
                File.Delete(_path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The failure on the way matters more than this one, and the next opening cleans up.
            }
        }
    }

    // Asking the file system to set the bytes aside would for a moment take all that is left from everybody else.
    private static void ThrowIfNoRoom(string folder, long size)
    {
        long room;
        try
        {
            room = new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Where the system does not say, writing will.
            return;
        }

        if (size > room)
        {
            throw new IOException($"{size} bytes are needed and {room} are left.", FileErrors.DiskFullCode);
        }
    }
}
