// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.TestKit;

/// <summary>Reads <c>index.json</c> and looks where the files that it names would be written.</summary>
internal sealed class IndexTarget : FuzzTarget
{
    public override string Name => "index";

    public override void Read(FuzzInput input, string scratch)
    {
        var index = DatasetIndex.Parse(input.Files[0], DatasetIndex.FileName);
        foreach (var file in index.Shards.SelectMany(static shard => shard.Files))
        {
            ThrowIfOutside(scratch, file.Raw.Basename);
            ThrowIfOutside(scratch, file.Stored.Basename);
        }
    }

    protected override IEnumerable<FuzzInput> CreateInputs() => GoldenDataset.All().Select(static dataset =>
        new FuzzInput(dataset.Name, [File.ReadAllBytes(Path.Combine(dataset.DataFolder, DatasetIndex.FileName))]));

    private static void ThrowIfOutside(string folder, string basename)
    {
        var path = Path.GetFullPath(Path.Combine(folder, basename));
        if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The index leads out of its folder, to '{path}'.");
        }
    }
}
