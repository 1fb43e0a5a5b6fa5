// SPDX-License-Identifier: MIT

using System.IO.Hashing;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Keeps a large index beside its JSON in a form that is read without parsing. It is a help and nothing else: a copy that is
/// missing, old or damaged is passed over and written again, and a directory that cannot be written goes without.</summary>
/// <remarks>Thread-safe, also across processes: a copy is whole or not there.</remarks>
internal static class IndexCache
{
    /// <summary>The name of the copy.</summary>
    public const string FileName = DatasetIndex.FileName + ".cache";

    /// <summary>Reads the copy of an index.</summary>
    /// <param name="path">The JSON.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The index, or <see langword="null"/> when there is no copy of just this JSON.</returns>
    public static async ValueTask<DatasetIndex?> TryReadAsync(string path, CancellationToken cancellationToken)
    {
        var copy = PathOf(path);
        if (CacheDirectory.GetSize(copy) is not { } size || size > IndexDownload.SizeLimit)
        {
            return null;
        }

        try
        {
            var bytes = await File.ReadAllBytesAsync(copy, cancellationToken).ConfigureAwait(false);
            return IndexSnapshot.TryRead(bytes, out var stamp) is { } shards
                && await IsOfAsync(path, stamp, cancellationToken).ConfigureAwait(false)
                ? new DatasetIndex(new ShardList(shards))
                : null;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            return null;
        }
    }

    /// <summary>Writes the copy of an index that is large enough to gain by it.</summary>
    /// <param name="path">The JSON.</param>
    /// <param name="time">When the JSON was written, asked for before it was read.</param>
    /// <param name="json">The JSON's content.</param>
    /// <param name="index">What it says.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async ValueTask WriteAsync(
        string path, DateTime time, ReadOnlyMemory<byte> json, DatasetIndex index, CancellationToken cancellationToken)
    {
        if (index.Shards.Packed is not { } shards)
        {
            return;
        }

        var stamp = new IndexStamp(json.Length, time.Ticks, XxHash64.HashToUInt64(json.Span));
        try
        {
            var bytes = IndexSnapshot.Write(shards, stamp);
            var file = TemporaryFile.Create(PathOf(path), bytes.Length);
            await using var fileDisposal = file.ConfigureAwait(false);
            await file.Stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            await file.PublishAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            // The next opening parses the JSON again.
        }
    }

    private static string PathOf(string path) => Path.Join(Path.GetDirectoryName(path), FileName);

    /// <summary>Tells whether a JSON is the one that was stamped. A time of a whole second comes from a coarse file system or from a tool
    /// that restored it, and then, or when it differs, the content decides.</summary>
    private static async ValueTask<bool> IsOfAsync(string path, IndexStamp stamp, CancellationToken cancellationToken)
    {
        var json = new FileInfo(path);
        if (json.Length != stamp.Length)
        {
            return false;
        }

        var time = json.LastWriteTimeUtc.Ticks;
        return (time == stamp.Time && time % TimeSpan.TicksPerSecond != 0)
            || await HashAsync(path, cancellationToken).ConfigureAwait(false) == stamp.Hash;
    }

    private static async ValueTask<ulong> HashAsync(string path, CancellationToken cancellationToken)
    {
        var hash = new XxHash64();
        var file = CacheFiles.OpenRead(path);
        await using var fileDisposal = file.ConfigureAwait(false);
        var buffer = new byte[FileDownloader.ChunkSize];
        while (await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            hash.Append(buffer.AsSpan(0, read));
        }

        return hash.GetCurrentHashAsUInt64();
    }
}
