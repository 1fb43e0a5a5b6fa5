// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>Makes the index of a local directory again from its shards, which carry their configuration, when <c>index.json</c> is
/// lost.</summary>
/// <remarks>Sizes and hashes are taken from the files as they are, so damage in them goes unseen: look at what was read before it is
/// trusted.</remarks>
internal static class IndexRebuilder
{
    /// <summary>The longest configuration that is trusted; it holds column names and little else.</summary>
    private const int MaxConfigurationLength = 1 << 24;

    /// <summary>Reads all shards of a directory. Compressed ones are decompressed to learn their sizes and hashes; nothing is
    /// written.</summary>
    /// <param name="directory">The directory; shards in folders below it are not looked at.</param>
    /// <param name="cancellationToken">Ends the call between shards.</param>
    /// <returns>The index.</returns>
    /// <exception cref="ShardFormatException">A shard is damaged, one of its two files or a number in between is missing, or there is none
    /// at all.</exception>
    /// <exception cref="StorageException">A file cannot be read.</exception>
    public static DatasetIndex Rebuild(string directory, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        try
        {
            return RebuildFrom(directory, cancellationToken);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.ToStorageException(exception, directory);
        }
    }

    private static DatasetIndex RebuildFrom(string directory, CancellationToken cancellationToken)
    {
        var parser = new IndexParser(directory);
        var files = Directory.GetFiles(directory)
            .Select(ShardFileName.TryParse)
            .OfType<ShardFileName>()
            .ToLookup(static file => file.Shard);
        var shards = ImmutableArray.CreateBuilder<ShardInfo>(files.Count);
        for (var number = 0; number < files.Count; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!files.Contains(number))
            {
                throw new ShardFormatException(new ShardLocation(directory), $"shard {number} is missing, but later shards are there.");
            }

            shards.Add(ReadShard([.. files[number]], parser));
        }

        return shards.Count > 0
            ? new DatasetIndex(shards.DrainToImmutable())
            : throw new ShardFormatException(new ShardLocation(directory), "there is no shard in it.");
    }

    private static ShardInfo ReadShard(ShardFileName[] files, IndexParser parser)
    {
        var data = Array.FindAll(files, static file => !file.IsMeta);
        var meta = Array.FindAll(files, static file => file.IsMeta);
        var isSplit = files[0].Format != ShardFormats.Mds;
        if (data.Length != 1 || meta.Length != (isSplit ? 1 : 0))
        {
            throw new ShardFormatException(
                new ShardLocation(files[0].Path),
                "the shard does not have exactly the files of its format. Files of another dataset may be in the directory.");
        }

        var head = isSplit ? meta[0] : data[0];
        var (samples, configuration) = ReadHead(head);
        var entry = parser.ParseConfiguration(configuration);
        if (entry.Format != head.Format)
        {
            throw new ShardFormatException(new ShardLocation(head.Path), $"its configuration is of the format '{entry.Format}'.");
        }

        entry.Samples = samples;
        (entry.RawData, entry.ZipData) = Measure(data[0], entry.Hashes);
        if (isSplit)
        {
            (entry.RawMeta, entry.ZipMeta) = Measure(head, entry.Hashes);
        }

        return parser.Complete(entry);
    }

    /// <summary>Reads the count and the configuration, which are around the offsets.</summary>
    private static (long Samples, byte[] Configuration) ReadHead(ShardFileName file)
    {
        try
        {
            using var stream = file.OpenRaw();
            Span<byte> counts = stackalloc byte[2 * sizeof(uint)];
            stream.ReadExactly(counts);
            long samples = BinaryPrimitives.ReadUInt32LittleEndian(counts);
            Skip(stream, sizeof(uint) * samples);
            var length = file.IsMeta
                ? MaxConfigurationLength
                : BinaryPrimitives.ReadUInt32LittleEndian(counts[sizeof(uint)..]) - (2 * sizeof(uint) + sizeof(uint) * samples);
            if (length is < 0 or > MaxConfigurationLength)
            {
                throw new ShardFormatException(
                    new ShardLocation(file.Path, sizeof(uint)), "its first offset does not fit its sample count.");
            }

            var configuration = ReadUpTo(stream, (int)length);
            return file.IsMeta || configuration.Length == length ? (samples, configuration) : throw new EndOfStreamException();
        }
        catch (Exception exception) when (exception is EndOfStreamException or InvalidDataException)
        {
            throw new ShardFormatException(new ShardLocation(file.Path), $"its head cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads bytes into memory that grows with what there is, whatever the file promises.</summary>
    private static byte[] ReadUpTo(Stream stream, int most)
    {
        var bytes = new byte[Math.Min(most, 4096)];
        var count = 0;
        while ((count += stream.ReadAtLeast(bytes.AsSpan(count), bytes.Length - count, throwOnEndOfStream: false)) == bytes.Length
            && count < most)
        {
            Array.Resize(ref bytes, (int)Math.Min(most, 2L * bytes.Length));
        }

        return bytes[..count];
    }

    private static void Skip(Stream stream, long length)
    {
        Span<byte> passed = stackalloc byte[4096];
        while (length > 0)
        {
            var part = passed[..(int)Math.Min(length, passed.Length)];
            stream.ReadExactly(part);
            length -= part.Length;
        }
    }

    private static (ShardFileInfo Raw, ShardFileInfo? Zip) Measure(ShardFileName file, ImmutableArray<string> hashes)
    {
        try
        {
            using var raw = file.OpenRaw();
            var rawInfo = Measure(raw, file.RawName, hashes);
            if (file.Compression is null)
            {
                return (rawInfo, null);
            }

            using var zip = File.OpenRead(file.Path);
            return (rawInfo, Measure(zip, $"{file.RawName}.{file.Compression}", hashes));
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            throw new ShardFormatException(new ShardLocation(file.Path), exception.Message, exception);
        }
    }

    private static ShardFileInfo Measure(Stream stream, string name, ImmutableArray<string> hashes)
    {
        using var running = new RunningHashes(hashes);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 17);
        try
        {
            var length = 0L;
            for (int count; (count = stream.Read(buffer)) > 0; length += count)
            {
                running.Append(buffer.AsSpan(0, count));
            }

            return new ShardFileInfo(name, length, running.GetDigests());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
