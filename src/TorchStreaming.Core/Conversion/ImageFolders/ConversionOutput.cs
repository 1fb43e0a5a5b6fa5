// SPDX-License-Identifier: MIT

using System.Text.RegularExpressions;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>The folder that a conversion writes to: which files in it belong to a data set, and whether it may be used.</summary>
internal static partial class ConversionOutput
{
    /// <summary>The name of the file with the classes' names, beside the index.</summary>
    public const string ClassesFileName = "classes.json";

    /// <summary>Makes the folder ready and opens its journal.</summary>
    /// <param name="directory">The folder; it is created.</param>
    /// <param name="plan">The plan.</param>
    /// <returns>The journal, which keeps other conversions out.</returns>
    /// <exception cref="StorageException">The folder holds something else and may not be overwritten, or cannot be used.</exception>
    public static ConversionJournal Prepare(string directory, ConversionPlan plan)
    {
        LocalFiles.Guard(directory, () => Directory.CreateDirectory(directory));
        var journal = Path.Combine(directory, ConversionJournal.FileName);
        if (!plan.Options.Overwrite && !File.Exists(journal) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            var found = File.Exists(Path.Combine(directory, DatasetIndex.FileName)) ? "already holds a data set" : "is not empty";
            throw new StorageException(
                StorageErrorKind.PreconditionFailed, directory, $"The output '{directory}' {found}. Name another folder, or allow overwriting.");
        }

        var opened = ConversionJournal.Open(directory, plan);
        try
        {
            LocalFiles.Guard(directory, () => DeleteFiles(directory, firstShard: opened.Entries.Length));
        }
        catch
        {
            opened.Dispose();
            throw;
        }

        return opened;
    }

    /// <summary>Deletes what belongs to a data set, up to the shards that are kept. Other files stay.</summary>
    private static void DeleteFiles(string directory, int firstShard)
    {
        foreach (var path in Directory.EnumerateFiles(directory))
        {
            var name = Path.GetFileName(path);
            var shard = ShardName().Match(name);
            var isOld = shard.Success
                ? name.EndsWith(".tmp", StringComparison.Ordinal) || !int.TryParse(shard.Groups["number"].Value, out var number) || number >= firstShard
                : name is DatasetIndex.FileName or ClassesFileName or DatasetIndex.FileName + ".tmp" or ClassesFileName + ".tmp";
            if (isOld)
            {
                File.Delete(path);
            }
        }
    }

    [GeneratedRegex(@"^shard\.(?<number>[0-9]{5,})\.(mds|json|csv|tsv|xsv)(\.meta)?(\.(br|bz2|gz|snappy|zstd))?(\.tmp)?$")]
    private static partial Regex ShardName();
}
