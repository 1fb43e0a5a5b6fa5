// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.TestKit;

/// <summary>Reads <c>index.json</c>.</summary>
internal sealed class IndexTarget : FuzzTarget
{
    public override string Name => "index";

    public override void Read(FuzzInput input, string scratch) => DatasetIndex.Parse(input.Files[0], DatasetIndex.FileName);

    protected override IEnumerable<FuzzInput> CreateInputs() => GoldenDataset.All().Select(static dataset =>
        new FuzzInput(dataset.Name, [File.ReadAllBytes(Path.Combine(dataset.DataFolder, DatasetIndex.FileName))]));
}
