// SPDX-License-Identifier: MIT

namespace TorchStreaming.Conversion;

/// <summary>A shard's raw file on this machine. Disposal deletes it if it is a copy.</summary>
/// <param name="Path">The raw file.</param>
/// <param name="StoredBytes">The size of the file as it is stored.</param>
/// <param name="IsCopy">Whether the file was made by the stage.</param>
internal sealed record StagedFile(string Path, long StoredBytes, bool IsCopy) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsCopy)
        {
            LocalFiles.DeleteQuietly(Path);
        }
    }
}
