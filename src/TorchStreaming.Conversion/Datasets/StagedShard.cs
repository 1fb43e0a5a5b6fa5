// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>An open shard and the files behind it.</summary>
internal sealed class StagedShard : IDisposable
{
    private readonly List<StagedFile> _files;

    private StagedShard(ShardReader reader, List<StagedFile> files)
    {
        Reader = reader;
        _files = files;
    }

    /// <summary>Gets the samples.</summary>
    public ShardReader Reader { get; }

    /// <summary>Opens a shard.</summary>
    /// <exception cref="ShardFormatException">Its files are not what the index says.</exception>
    /// <exception cref="StorageException">A file does not exist or cannot be read.</exception>
    public static async Task<StagedShard> OpenAsync(ShardStage stage, ShardInfo shard, CancellationToken cancellationToken)
    {
        var files = new List<StagedFile>();
        try
        {
            foreach (var file in shard.Files)
            {
                files.Add(await stage.OpenAsync(shard, file, hashes: false, cancellationToken).ConfigureAwait(false));
            }

            return new StagedShard(ShardReaders.Open(shard, [.. files.Select(static file => file.Path)]), files);
        }
        catch
        {
            files.ForEach(static file => file.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Reader.Dispose();
        _files.ForEach(static file => file.Dispose());
    }
}
