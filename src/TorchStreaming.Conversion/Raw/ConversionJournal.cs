// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Conversion;

/// <summary>The memory of an unfinished conversion: a file in the output that names every complete shard, so that the next run continues
/// after it.
/// It is held open, and so keeps a second conversion out of the folder; it is deleted when the index has been published.</summary>
internal sealed class ConversionJournal : IDisposable
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "conversion.journal";

    private const string FirstWords = "torchstreaming conversion 1 ";

    private readonly FileStream _file;

    private ConversionJournal(FileStream file, ImmutableArray<JournalEntry> entries)
    {
        _file = file;
        Entries = entries;
    }

    /// <summary>Gets the complete shards of earlier runs, in order.</summary>
    public ImmutableArray<JournalEntry> Entries { get; }

    /// <summary>Gets the first sample that is not in a complete shard.</summary>
    public int Next => Entries is [.., var last] ? last.Next : 0;

    /// <summary>Opens the journal of a folder, or begins one.</summary>
    /// <param name="directory">The output.</param>
    /// <param name="plan">The plan of this run.</param>
    /// <exception cref="StorageException">The journal is of other raw data or other options, or another conversion is using it.</exception>
    public static ConversionJournal Open(string directory, ConversionPlan plan)
    {
        var path = Path.Combine(directory, FileName);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException exception) when (FileErrors.IsLocked(exception))
        {
            throw new StorageException(
                StorageErrorKind.PreconditionFailed, path, $"'{path}' is in use: another conversion is writing to this folder.", exception);
        }
        catch (Exception exception) when (FileErrors.IsFileError(exception))
        {
            throw FileErrors.ToStorageException(exception, path);
        }

        try
        {
            return plan.Options.Overwrite ? Begin(file, plan) : Continue(file, directory, plan);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds a complete shard, whose file must be on the disk.</summary>
    public void Append(JournalEntry entry)
    {
        var line = new ArrayBufferWriter<byte>();
        entry.Write(line);
        Append(_file, line.WrittenSpan);
    }

    /// <summary>Ends the conversion: the journal is gone afterward.</summary>
    public void Complete()
    {
        _file.Dispose();
        LocalFiles.Guard(_file.Name, () => File.Delete(_file.Name));
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static ConversionJournal Begin(FileStream file, ConversionPlan plan)
    {
        LocalFiles.Guard(file.Name, () => file.SetLength(0));
        Append(file, Encoding.UTF8.GetBytes($"{FirstWords}{plan.Fingerprint}\n"));
        return new ConversionJournal(file, []);
    }

    private static ConversionJournal Continue(FileStream file, string directory, ConversionPlan plan)
    {
        var content = new byte[file.Length];
        LocalFiles.Guard(file.Name, () => file.ReadExactly(content));
        var end = content.AsSpan().IndexOf((byte)'\n') + 1;
        if (end == 0)
        {
            // New, or of a run that was killed while it wrote the first line.
            return Begin(file, plan);
        }

        if (!content.AsSpan(0, end).SequenceEqual(Encoding.UTF8.GetBytes($"{FirstWords}{plan.Fingerprint}\n")))
        {
            throw new StorageException(
                StorageErrorKind.PreconditionFailed,
                directory,
                $"'{directory}' holds an unfinished conversion of other data or with other options. "
                + "Run that one to its end, name another folder, or allow overwriting (Overwrite; --overwrite of the tool) to begin again.");
        }

        var entries = ImmutableArray.CreateBuilder<JournalEntry>();
        using var facts = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (content.AsSpan(end).IndexOf((byte)'\n') is >= 0 and var length)
        {
            var entry = JournalEntry.TryParse(content.AsMemory(end, length), file.Name);
            var next = entries is [.., var last] ? last.Next : 0;
            if (entry is null || entry.Next < next || entry.Next > plan.Count || !IsOnDisk(entry, directory))
            {
                break;
            }

            for (var ordinal = next; ordinal < entry.Next; ordinal++)
            {
                plan.AppendFacts(facts, ordinal);
            }

            if (Convert.ToHexStringLower(facts.GetCurrentHash()) != entry.Facts)
            {
                break;
            }

            entries.Add(entry);
            end += length + 1;
        }

        LocalFiles.Guard(file.Name, () =>
        {
            file.SetLength(end);
            file.Seek(0, SeekOrigin.End);
        });
        return new ConversionJournal(file, entries.ToImmutable());
    }

    private static bool IsOnDisk(JournalEntry entry, string directory) =>
        entry.Shard.Files.All(file => new FileInfo(Path.Combine(directory, file.Stored.Basename))
            is { Exists: true } found && found.Length == file.Stored.Bytes);

    private static void Append(FileStream file, ReadOnlySpan<byte> line)
    {
        try
        {
            file.Write(line);
            file.Flush(flushToDisk: true);
        }
        catch (IOException exception)
        {
            throw FileErrors.ToStorageException(exception, file.Name);
        }
    }
}
