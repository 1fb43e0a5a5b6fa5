// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using TorchStreaming.Caching;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Compares the files of cache directories with the sizes and hashes of their indexes.</summary>
/// <remarks>Safe beside running processes. Shards that are not there are no problem: a cache need not be complete.</remarks>
internal sealed class CacheVerifier
{
    private readonly bool _repair;
    private readonly IProgress<CacheProgress>? _progress;
    private readonly ImmutableArray<CacheProblem>.Builder _problems = ImmutableArray.CreateBuilder<CacheProblem>();
    private CacheProgress _done;
    private int _files;
    private int _unhashed;

    private CacheVerifier(bool repair, IProgress<CacheProgress>? progress)
    {
        _repair = repair;
        _progress = progress;
    }

    /// <summary>Looks at every file of every stream in and below a directory.</summary>
    /// <param name="directory">A cache directory, or one with many below it.</param>
    /// <param name="repair">Whether to delete files that are wrong, and what killed processes left half-written. Files in use and those of
    /// streams that nobody downloaded stay.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="StorageException">There is no such directory, or it cannot be listed.</exception>
    /// <exception cref="CacheException">A directory cannot be read, or not be written when it is to be repaired.</exception>
    public static Task<CacheVerification> VerifyAsync(
        string directory, bool repair = false, IProgress<CacheProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => new CacheVerifier(repair, progress).Run(directory, cancellationToken), cancellationToken);

    private CacheVerification Run(string directory, CancellationToken cancellationToken)
    {
        var streams = StreamDirectory.Find(directory, cancellationToken);
        _done = new CacheProgress(0, streams.Sum(static stream => stream.Index?.SampleCount ?? 0), 0);
        foreach (var stream in streams)
        {
            if (stream.Index is { } index)
            {
                foreach (var shard in index.Shards)
                {
                    VerifyShard(stream, shard, cancellationToken);
                    _done = _done with { Samples = _done.Samples + shard.SampleCount };
                    _progress?.Report(_done);
                }

                FindAbandoned(stream, index, cancellationToken);
            }
            else
            {
                _problems.Add(new CacheProblem(stream.IndexPath, stream.Problem!, IsRemoved: false));
            }
        }

        return new CacheVerification(streams.Count, _files, _done.Bytes, _unhashed, _problems.ToImmutable());
    }

    private void VerifyShard(StreamDirectory stream, ShardInfo shard, CancellationToken cancellationToken)
    {
        foreach (var file in shard.Files.SelectMany(static file => file.Zip is { } zip ? [file.Raw, zip] : new[] { file.Raw }))
        {
            string path;
            try
            {
                path = stream.Place.Locate(file.Basename);
            }
            catch (ShardFormatException error)
            {
                _problems.Add(new CacheProblem(Path.Join(stream.Place.Root, file.Basename), error.Message, IsRemoved: false));
                continue;
            }

            if (CacheDirectory.GetSize(path) is { } size && FindProblem(file, path, size, cancellationToken) is { } problem)
            {
                var isRemoved = _repair && stream.Remote is not null && TryRemove(stream.Place, shard, path);
                _problems.Add(new CacheProblem(path, problem, isRemoved));
            }
        }
    }

    private string? FindProblem(ShardFileInfo file, string path, long size, CancellationToken cancellationToken)
    {
        _files++;
        var location = new ShardLocation(path);
        var hashes = file.Hashes.Keys.Where(ShardHashes.Names.Contains).ToArray();
        _unhashed += hashes.Length == 0 ? 1 : 0;
        if (!file.CanHave(size))
        {
            _done = _done with { Bytes = _done.Bytes + size };
            return FileVerifier.WrongSize(location, file, $"{size}").Message;
        }

        var verifiers = Array.ConvertAll(hashes, hash => new FileVerifier(file with { Bytes = size }, hash, location));
        try
        {
            Read(path, verifiers, cancellationToken);
            return null;
        }
        catch (ShardIntegrityException error)
        {
            return error.Message;
        }
        finally
        {
            Array.ForEach(verifiers, static verifier => verifier.Dispose());
        }
    }

    private void Read(string path, FileVerifier[] verifiers, CancellationToken cancellationToken)
    {
        using var stream = CacheFiles.OpenRead(path);
        var buffer = new byte[FileDownloader.ChunkSize];
        while (verifiers.Length > 0 && stream.Read(buffer) is var read and > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Array.ForEach(verifiers, verifier => verifier.Append(buffer.AsSpan(0, read)));
            _done = _done with { Bytes = _done.Bytes + read };
        }

        Array.ForEach(verifiers, static verifier => verifier.Complete());
    }

    /// <summary>Deletes a file that nobody uses or makes: like an evictor, and like a writer, alone.</summary>
    private static bool TryRemove(CacheDirectory place, ShardInfo shard, string path)
    {
        var name = shard.Files[0].Raw.Basename;
        using var writer = FileLock.TryAcquire(place.LocateLock(name));
        using var reader = writer is null ? null : FileLock.TryAcquire(place.LocateLease(name));
        if (reader is null)
        {
            return false;
        }

        CacheDirectory.Delete(path);
        return true;
    }

    private void FindAbandoned(StreamDirectory stream, DatasetIndex index, CancellationToken cancellationToken)
    {
        var names = stream.Place.List(cancellationToken).Keys;
        foreach (var (name, owner) in AbandonedFiles.Find(names, index.Shards, new ShardOwners(index.Shards)))
        {
            using var held = FileLock.TryAcquire(stream.Place.LocateLock(owner));
            if (held is null)
            {
                // Somebody is writing it.
                continue;
            }

            var path = stream.Place.Locate(name);
            if (_repair)
            {
                CacheDirectory.Delete(path);
            }

            _problems.Add(new CacheProblem(path, "a process that has ended left it half-written.", _repair));
        }
    }
}
