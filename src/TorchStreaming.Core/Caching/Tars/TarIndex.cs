// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Finds out what samples a stream's tars have: from an index in the store, from one that an earlier run left in the local
/// directory, or by going through the tars once.</summary>
/// <remarks>What was found is in <c>.torchstreaming/tars</c> of the local directory, beside the cache and outside its limit, and is
/// trusted
/// from then on, as an <c>index.json</c> is. Thread-safe, also across processes.</remarks>
internal static class TarIndex
{
    /// <summary>Gets the index of some tars.</summary>
    /// <param name="directory">The local directory of the stream.</param>
    /// <param name="remote">Where the tars come from; not disposed. <see langword="null"/> when <paramref name="directory"/> holds the only
    /// copy.</param>
    /// <param name="tars">Which tars, and how they are read.</param>
    /// <param name="options">How to download.</param>
    /// <param name="cancellationToken">Ends the call; tars that were gone through are not gone through again by the next.</param>
    /// <returns>The index.</returns>
    /// <exception cref="StorageException">A tar is missing or cannot be read.</exception>
    /// <exception cref="ShardFormatException">A tar is damaged, or its members make no samples.</exception>
    /// <exception cref="NotSupportedException">A tar is compressed.</exception>
    /// <exception cref="CacheException">The directory cannot be used.</exception>
    public static async ValueTask<DatasetIndex> ReadAsync(
        string directory, IObjectStore? remote, TarOptions tars, ShardCacheOptions options, CancellationToken cancellationToken)
    {
        var root = new CacheDirectory(directory);
        if (remote is not null && root.IsSameAs(remote))
        {
            remote = null;
        }

        var folder = Path.Join(Home(root, remote), CacheDirectory.LockFolder, "tars", Digest(tars));
        if (TryLoad(folder) is { } known)
        {
            return TarSelection.Apply(known, tars);
        }

        var held = await FileLock.AcquireAsync($"{folder}.lock", options.LockTimeout, options.TimeProvider, cancellationToken)
            .ConfigureAwait(false);
        using (held)
        {
            known = TryLoad(folder);
            if (known is null)
            {
                var builder = new TarIndexBuilder(root, remote, tars, options, folder, held.ReportProgress);
                if (await builder.TryReadSidecarAsync(cancellationToken).ConfigureAwait(false) is { } sidecar)
                {
                    return TarSelection.Apply(sidecar, tars);
                }

                await SaveAsync(folder, await builder.BuildAsync(cancellationToken).ConfigureAwait(false), cancellationToken)
                    .ConfigureAwait(false);
                known = TryLoad(folder) ?? throw new CacheException(folder, $"The tables of samples in '{folder}' disappeared. Open again.");
            }
        }

        return TarSelection.Apply(known, tars);
    }

    // Data that is in a folder without the right to write is read in place; what is known of it goes into the user's cache.
    private static string Home(CacheDirectory root, IObjectStore? remote)
    {
        if (remote is not null || Directory.Exists(Path.Join(root.Root, CacheDirectory.LockFolder)))
        {
            return root.Root;
        }

        try
        {
            Directory.CreateDirectory(Path.Join(root.Root, CacheDirectory.LockFolder));
            return root.Root;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            return UserCache.GetFolder(root.Root);
        }
    }

    private static string Digest(TarOptions tars)
    {
        var text = string.Join('\n', tars.Shards.Prepend(tars.KeyRule.ToString()));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }

    /// <summary>Reads what an earlier run left. Whatever is damaged or missing there is made again.</summary>
    private static DatasetIndex? TryLoad(string folder)
    {
        var path = Path.Join(folder, DatasetIndex.FileName);
        if (CacheDirectory.GetSize(path) is null)
        {
            return null;
        }

        try
        {
            var index = DatasetIndex.Parse(File.ReadAllBytes(path), path);
            return index.Shards.All(shard => shard.Files.Length == 2 && CacheDirectory.GetSize(TableOf(shard)) == shard.Files[0].Raw.Bytes)
                ? new DatasetIndex([.. index.Shards.Select(Pin)])
                : null;
        }
        catch (ShardFormatException)
        {
            return null;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, path);
        }

        string TableOf(ShardInfo shard) => Path.Join(folder, shard.Files[0].Raw.Basename);

        ShardInfo Pin(ShardInfo shard) => new()
        {
            Schema = shard.Schema,
            SampleCount = shard.SampleCount,
            Files = [shard.Files[1]],
            TarSamples = new TarSampleSource(TableOf(shard)),
        };
    }

    private static async ValueTask SaveAsync(string folder, ImmutableArray<ShardInfo> shards, CancellationToken cancellationToken)
    {
        var text = new ArrayBufferWriter<byte>();
        new DatasetIndex(shards).Write(text);
        var path = Path.Join(folder, DatasetIndex.FileName);
        var file = CacheFiles.Create(path, text.WrittenCount);
        await using var fileDisposal = file.ConfigureAwait(false);
        await CacheFiles.WriteAsync(file, path, text.WrittenMemory, cancellationToken).ConfigureAwait(false);
        await CacheFiles.PublishAsync(file, path).ConfigureAwait(false);
    }
}
