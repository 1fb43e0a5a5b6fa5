// SPDX-License-Identifier: MIT

using TorchStreaming.Conversion;
using TorchStreaming.Shards;

namespace TorchStreaming.TestKit;

/// <summary>Makes an index again from the heads of shards, compressed ones too.</summary>
internal sealed class RebuildTarget : FuzzTarget
{
    private static readonly string[] Names =
        ["compression/zstd", "compression/csv-gz-9", "jsonl/limit", "multi-shard/limit-1kb", "mds-scalars", "csv/default"];

    private readonly Dictionary<string, string[]> _files = [];

    public override string Name => "rebuild";

    public override void Read(FuzzInput input, string scratch)
    {
        var folder = Directory.CreateDirectory(Path.Combine(scratch, "rebuild")).FullName;
        try
        {
            foreach (var (name, bytes) in _files[input.Name].Zip(input.Files))
            {
                File.WriteAllBytes(Path.Combine(folder, name), bytes);
            }

            IndexRebuilder.Rebuild(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    protected override IEnumerable<FuzzInput> CreateInputs()
    {
        foreach (var dataset in GoldenDataset.All().Where(static dataset => Names.Contains(dataset.Name)))
        {
            var paths = Directory.GetFiles(dataset.DataFolder).Where(static path => Path.GetFileName(path) != DatasetIndex.FileName).ToArray();
            _files[dataset.Name] = [.. paths.Select(static path => Path.GetFileName(path))];
            yield return new FuzzInput(dataset.Name, [.. paths.Select(File.ReadAllBytes)]);
        }
    }
}
