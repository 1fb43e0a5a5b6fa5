// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Caching;
using TorchStreaming.Conversion;
using TorchStreaming.Storage;

namespace TorchStreaming.Cli;

/// <summary>Random access to the samples of a dataset. Raw shards of a local folder are read where they are; others are brought to a
/// cache.
/// One caller at a time.</summary>
internal sealed class SampleReader : IAsyncDisposable
{
    private readonly ShardCache _cache;
    private readonly string? _temporary;
    private readonly ImmutableArray<long> _ends;
    private ShardLease? _lease;

    private SampleReader(ShardCache cache, string? temporary, ImmutableArray<long> ends)
    {
        _cache = cache;
        _temporary = temporary;
        _ends = ends;
    }

    /// <summary>Opens a dataset.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="cacheDirectory">Where to keep what has to be downloaded or decompressed; <see langword="null"/> for a folder that is
    /// deleted again.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<SampleReader> OpenAsync(DatasetLocation dataset, string? cacheDirectory, CancellationToken cancellationToken)
    {
        var shards = dataset.Index.Shards;
        var local = dataset.IsRawDirectory;
        var temporary = local || cacheDirectory is not null ? null : Directory.CreateTempSubdirectory("torchstreaming-").FullName;
        try
        {
            var cache = await ShardCache.OpenAsync(
                local ? dataset.Location : cacheDirectory ?? temporary!,
                shards,
                local ? null : dataset.Store,
                cancellationToken: cancellationToken).ConfigureAwait(false);
            var end = 0L;
            return new SampleReader(cache, temporary, [.. shards.Select(shard => end += shard.SampleCount)]);
        }
        catch
        {
            Delete(temporary);
            throw;
        }
    }

    /// <summary>Makes the shard of a sample resident. It stays until the next call.</summary>
    /// <param name="id">The sample.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The shard and the sample's number in it.</returns>
    public async ValueTask<(ShardLease Shard, int Index)> LocateAsync(long id, CancellationToken cancellationToken)
    {
        var shard = _ends.BinarySearch(id + 1);
        shard = shard < 0 ? ~shard : FirstOf(shard);
        if (_lease?.Shard != shard)
        {
            _lease?.Dispose();
            _lease = null;
            _lease = await _cache.LeaseAsync(shard, cancellationToken).ConfigureAwait(false);
        }

        return (_lease, (int)(id - (shard == 0 ? 0 : _ends[shard - 1])));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _lease?.Dispose();
        await _cache.DisposeAsync().ConfigureAwait(false);
        Delete(_temporary);
    }

    /// <summary>Shards without samples have the end of the shard before them.</summary>
    private int FirstOf(int shard)
    {
        while (shard > 0 && _ends[shard - 1] == _ends[shard])
        {
            shard--;
        }

        return shard;
    }

    private static void Delete(string? temporary)
    {
        try
        {
            if (temporary is not null)
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
        catch (IOException)
        {
            // The system cleans its folder of temporary files too.
        }
    }
}
