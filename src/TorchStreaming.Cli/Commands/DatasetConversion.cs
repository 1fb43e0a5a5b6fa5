// SPDX-License-Identifier: MIT

using System.Globalization;
using TorchStreaming.Conversion;
using TorchStreaming.Diagnostics;
using TorchStreaming.Shards;
using TorchStreaming.Storage;

namespace TorchStreaming.Cli;

/// <summary>Converts a dataset and tells what was made.</summary>
internal static class DatasetConversion
{
    /// <summary>Does it.</summary>
    public static async Task RunAsync(
        ToolConsole console,
        DatasetLocation dataset,
        string output,
        DatasetConverterOptions options,
        bool json,
        CancellationToken cancellationToken)
    {
        if (options.Writer.ExistOk && dataset.Directory is { } source && IsSameOrAbove(output, source))
        {
            throw new ArgumentException($"'{output}' holds the dataset to convert; --overwrite would delete it. Choose another output.");
        }

        var made = await ProgressDisplay.RunAsync(
            console,
            "convert",
            progress => DatasetConverter.ConvertAsync(
                dataset.Store, dataset.Directory, dataset.Index, output, options, progress, cancellationToken),
            "copied").ConfigureAwait(false);
        var place = ObjectStoreLocation.WithoutSecrets(output);
        console.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{place}: {Counted.Of(made.SampleCount, "sample")} in {Counted.Of(made.Shards.Length, "shard")}, {new ByteSize(made.StoredBytes)}"));
        if (json)
        {
            JsonOutput.WriteDocument(console.Output, DatasetDocument.Of(place, made, options.Format), DocumentContext.Default.DatasetDocument);
        }
    }

    private static bool IsSameOrAbove(string output, string source)
    {
        if (ObjectStoreLocation.GetScheme(output) is not null)
        {
            return false;
        }

        var relative = Path.GetRelativePath(output, source);
        return !Path.IsPathRooted(relative) && relative.Split(Path.DirectorySeparatorChar)[0] != "..";
    }
}
