// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>A file that is there and stays until this is disposed.</summary>
internal sealed class ExtraFile : IDisposable
{
    private readonly FileLock? _lease;

    internal ExtraFile(string path, FileLock? lease)
    {
        Path = path;
        _lease = lease;
    }

    /// <summary>Gets the file's path on this machine.</summary>
    public string Path { get; }

    /// <summary>Reads the whole file.</summary>
    /// <returns>Its bytes.</returns>
    /// <exception cref="CacheException">The file cannot be read.</exception>
    public byte[] ReadAllBytes()
    {
        try
        {
            return File.ReadAllBytes(Path);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, Path);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lease?.Dispose();
}
