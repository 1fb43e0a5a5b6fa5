// SPDX-License-Identifier: MIT

using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Says to all processes, until it is disposed, that a shard is in flight and needs its room.</summary>
internal sealed class ArrivingShard : IDisposable
{
    private readonly string _path;

    public ArrivingShard(string path)
    {
        _path = path;
        try
        {
            File.WriteAllBytes(path, []);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, path);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            // Without the shard's lock, which ends next, it says nothing.
        }
    }
}
