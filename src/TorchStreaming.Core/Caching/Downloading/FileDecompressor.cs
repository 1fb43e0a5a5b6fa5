// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Globalization;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Caching;

/// <summary>Decompresses a file into a temporary file, and not one byte further than the index promises.</summary>
internal static class FileDecompressor
{
    /// <summary>Decompresses; the calling thread is held until the end.</summary>
    /// <param name="codec">The compression.</param>
    /// <param name="zip">The compressed bytes, read from where the stream is.</param>
    /// <param name="zipLocation">The compressed file for messages.</param>
    /// <param name="raw">What the index says about the decompressed file.</param>
    /// <param name="target">Receives the bytes.</param>
    /// <param name="targetPath">The name that the target will get.</param>
    /// <param name="held">The lock to show progress on.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static void Decompress(
        ICompressionCodec codec,
        Stream zip,
        ShardLocation zipLocation,
        ShardFileInfo raw,
        Stream target,
        string targetPath,
        FileLock held,
        CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FileDownloader.ChunkSize);
        try
        {
            using var decompressor = Guard(codec, zipLocation, () => codec.OpenDecompressor(zip));
            for (var left = raw.Bytes; ;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var read = Guard(codec, zipLocation, () => decompressor.Read(buffer, 0, buffer.Length));
                if (read > left)
                {
                    throw WrongSize(zipLocation, raw, "more");
                }

                if (read == 0)
                {
                    if (left > 0)
                    {
                        throw WrongSize(zipLocation, raw, (raw.Bytes - left).ToString(CultureInfo.InvariantCulture));
                    }

                    return;
                }

                Write(target, buffer.AsSpan(0, read), targetPath);
                held.ReportProgress();
                left -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static T Guard<T>(ICompressionCodec codec, ShardLocation location, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new ShardFormatException(
                location, $"it is not valid {codec.Name} data ({error.Message}) The file is damaged; delete it or verify its hash.", error);
        }
        catch (Exception error) when (error is not ArrivalFailedException && FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, location.File);
        }
    }

    private static void Write(Stream target, ReadOnlySpan<byte> bytes, string path)
    {
        try
        {
            target.Write(bytes);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw CacheErrors.FromFile(error, path);
        }
    }

    private static ShardIntegrityException WrongSize(ShardLocation location, ShardFileInfo raw, string actual) => new(
        location, "decompressed size", raw.Bytes.ToString(CultureInfo.InvariantCulture), actual);
}
