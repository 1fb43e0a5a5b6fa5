// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.RegularExpressions;
using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>The folder that a conversion writes to: which files in it belong to a dataset, and whether it may be used.</summary>
internal static partial class ConversionOutput
{
    /// <summary>The name of the file with the classes' names, beside the index.</summary>
    public const string ClassesFileName = "classes.json";

    private static readonly string[] OtherNames =
        [DatasetIndex.FileName, DatasetIndex.FileName + ".part", ClassesFileName, ClassesFileName + LocalFiles.TemporaryExtension];

    /// <summary>Makes the folder ready and opens its journal.</summary>
    /// <param name="directory">The folder; it is created.</param>
    /// <param name="plan">The plan.</param>
    /// <returns>The journal, which keeps other conversions out.</returns>
    /// <exception cref="StorageException">The folder holds something else and may not be overwritten, or cannot be used.</exception>
    public static ConversionJournal Prepare(string directory, ConversionPlan plan)
    {
        LocalFiles.Guard(directory, () =>
        {
            Directory.CreateDirectory(directory);
            if (!plan.Options.Overwrite && !File.Exists(Path.Combine(directory, ConversionJournal.FileName)))
            {
                ThrowIfNotEmpty(directory);
            }
        });
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

    private static void ThrowIfNotEmpty(string directory)
    {
        if (Directory.EnumerateFileSystemEntries(directory).Any())
        {
            var found = File.Exists(Path.Combine(directory, DatasetIndex.FileName)) ? "already holds a dataset" : "is not empty";
            throw new StorageException(
                StorageErrorKind.PreconditionFailed, directory,
                    $"The output '{directory}' {found}. Name another folder, or allow overwriting (Overwrite; --overwrite of the tool).");
        }
    }

    /// <summary>Deletes what belongs to a dataset, up to the shards that are kept. Other files stay.</summary>
    private static void DeleteFiles(string directory, int firstShard)
    {
        foreach (var path in Directory.EnumerateFiles(directory))
        {
            var name = Path.GetFileName(path);
            var shard = ShardName().Match(name);
            var isOld = shard.Success
                ? !int.TryParse(shard.Groups["number"].Value, CultureInfo.InvariantCulture, out var number) || number >= firstShard
                : OtherNames.Contains(name);
            if (isOld)
            {
                File.Delete(path);
            }
        }
    }

    [GeneratedRegex(@"^shard(\.(?<number>[0-9]{5,})\.(mds|json|csv|tsv|xsv)(\.meta)?|-(?<number>[0-9]{6,})\.tar(\.samples)?)(\.(br|bz2|gz|snappy|zstd))?$")]
    private static partial Regex ShardName();
}
