// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Globalization;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Brings the files of shards into the form that readers open, one file at a time, in a temporary folder where needed: unlike a
/// cache it keeps nothing. Thread-safe.</summary>
internal sealed class ShardStage : IDisposable
{
    private const int ChunkSize = 1 << 18;

    private readonly IObjectStore _store;
    private readonly string? _directory;
    private readonly string _temporary;
    private long _nextFile;

    /// <summary>Creates the stage.</summary>
    /// <param name="store">Where the files are.</param>
    /// <param name="directory">The store's root, if it is a directory of this machine: files are read where they are then.</param>
    public ShardStage(IObjectStore store, string? directory)
    {
        _store = store;
        _directory = directory;
        _temporary = Directory.CreateTempSubdirectory("torchstreaming-").FullName;
    }

    /// <summary>Makes the raw form of a file available.</summary>
    /// <param name="shard">The file's shard.</param>
    /// <param name="file">The file.</param>
    /// <param name="hashes">Whether to compare the recorded hashes.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The raw file.</returns>
    /// <exception cref="ShardFormatException">Its bytes are not what the index says.</exception>
    /// <exception cref="StorageException">The file does not exist or cannot be read.</exception>
    public async ValueTask<StagedFile> OpenAsync(ShardInfo shard, ShardFile file, bool hashes, CancellationToken cancellationToken)
    {
        // A directory that a reader filled may have the raw form alone.
        var zip = file.Zip is { } compressed && (!Exists(compressed) && Exists(file.Raw)) ? null : file.Zip;
        var stored = await AcquireAsync(zip ?? file.Raw, cancellationToken).ConfigureAwait(false);
        try
        {
            CheckFile(zip ?? file.Raw, stored.Path, hashes, cancellationToken);
            return zip is null ? stored : Decompress(shard, file.Raw, zip, stored, hashes, cancellationToken);
        }
        finally
        {
            if (zip is not null)
            {
                stored.Dispose();
            }
        }
    }

    /// <summary>Deletes the temporary folder.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_temporary, recursive: true);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            // The system cleans its folder of temporary files too.
        }
    }

    private bool Exists(ShardFileInfo file) => _directory is not null && File.Exists(Path.Join(_directory, file.Basename));

    private async ValueTask<StagedFile> AcquireAsync(ShardFileInfo file, CancellationToken cancellationToken)
    {
        if (_directory is not null)
        {
            var path = Path.Join(_directory, file.Basename);
            return File.Exists(path) ? new StagedFile(path, new FileInfo(path).Length, false) : throw FileErrors.NotFound(path);
        }

        var content = await _store.OpenReadAsync(file.Basename, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var closing = content.ConfigureAwait(false);
        var copy = NewPath();
        try
        {
            var target = File.Create(copy);
            await using var ending = target.ConfigureAwait(false);
            await content.Stream.CopyToAsync(target, ChunkSize, cancellationToken).ConfigureAwait(false);
            return new StagedFile(copy, target.Length, true);
        }
        catch (Exception exception)
        {
            LocalFiles.DeleteQuietly(copy);
            if (FileErrors.IsFileError(exception))
            {
                throw FileErrors.ToStorageException(exception, copy);
            }

            throw;
        }
    }

    private StagedFile Decompress(
        ShardInfo shard, ShardFileInfo raw, ShardFileInfo zip, StagedFile stored, bool hashes, CancellationToken cancellationToken)
    {
        var location = new ShardLocation(zip.Basename);
        if (!CompressionScheme.TryParse(shard.Compression, out var scheme))
        {
            throw new ShardFormatException(location, $"'{shard.Compression}' is not a compression.");
        }

        var path = NewPath();
        try
        {
            using var source = File.OpenRead(stored.Path);
            using var decompressor = scheme.Codec.OpenDecompressor(source);
            using var target = File.Create(path);
            Copy(decompressor, target, raw, location, hashes, "decompressed ", cancellationToken);
            return new StagedFile(path, stored.StoredBytes, true);
        }
        catch (Exception exception)
        {
            LocalFiles.DeleteQuietly(path);
            if (exception is InvalidDataException or EndOfStreamException)
            {
                throw new ShardFormatException(location, $"it is not valid {scheme.Family} data: {exception.Message}", exception);
            }

            if (FileErrors.IsFileError(exception))
            {
                throw FileErrors.ToStorageException(exception, stored.Path);
            }

            throw;
        }
    }

    private static void CheckFile(ShardFileInfo info, string path, bool hashes, CancellationToken cancellationToken)
    {
        try
        {
            using var file = File.OpenRead(path);
            var location = new ShardLocation(info.Basename);
            if (info.Bytes != ShardFileInfo.UnknownSize && file.Length != info.Bytes)
            {
                throw WrongSize(location, "size", info.Bytes, file.Length.ToString(CultureInfo.InvariantCulture));
            }

            if (hashes && info.Hashes.Count > 0)
            {
                Copy(file, Stream.Null, info, location, hashes, "", cancellationToken);
            }
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.ToStorageException(exception, path);
        }
    }

    /// <summary>Copies a file, not one byte further than the index promises, and compares what the index says about it.</summary>
    private static void Copy(
        Stream source,
        Stream target,
        ShardFileInfo info,
        ShardLocation location,
        bool hashes,
        string form,
        CancellationToken cancellationToken)
    {
        if (hashes && info.Hashes.Keys.FirstOrDefault(static name => !ShardHashes.Names.Contains(name)) is { } unknown)
        {
            throw new ShardFormatException(location, $"the index has a hash '{unknown}', which is not known.");
        }

        using var running = new RunningHashes(hashes ? info.Hashes.Keys : []);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            var length = 0L;
            while (source.Read(buffer) is var read and > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                length += read;
                if (info.Bytes != ShardFileInfo.UnknownSize && length > info.Bytes)
                {
                    throw WrongSize(location, $"{form}size", info.Bytes, string.Create(CultureInfo.InvariantCulture, $"{length} or more"));
                }

                running.Append(buffer.AsSpan(0, read));
                target.Write(buffer, 0, read);
            }

            if (info.Bytes != ShardFileInfo.UnknownSize && length != info.Bytes)
            {
                throw WrongSize(location, $"{form}size", info.Bytes, length.ToString(CultureInfo.InvariantCulture));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        foreach (var (name, actual) in running.GetDigests())
        {
            if (!string.Equals(info.Hashes[name], actual, StringComparison.OrdinalIgnoreCase))
            {
                throw new ShardIntegrityException(location, form + name, info.Hashes[name], actual);
            }
        }
    }

    private static ShardIntegrityException WrongSize(ShardLocation location, string check, long expected, string actual) =>
        new(location, check, expected.ToString(CultureInfo.InvariantCulture), actual);

    private string NewPath() => Path.Combine(
        _temporary, Interlocked.Increment(ref _nextFile).ToString(CultureInfo.InvariantCulture));
}
