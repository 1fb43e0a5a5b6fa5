// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.TestKit;

/// <summary>Reads <c>index.mds</c> of the old Composer format.</summary>
internal sealed class LegacyIndexTarget : FuzzTarget
{
    public override string Name => "legacy-index";

    public override void Read(FuzzInput input, string scratch) => LegacyIndex.Parse(input.Files[0], LegacyIndex.FileName, isCompressed: false);

    protected override IEnumerable<FuzzInput> CreateInputs() =>
        Directory.GetFiles(GoldenData.PathOf("composer-legacy", "index-only")).Order(StringComparer.Ordinal)
            .Concat(Directory.GetFiles(GoldenData.PathOf("composer-legacy"), LegacyIndex.FileName, SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            .Select(static path => new FuzzInput(Path.GetRelativePath(GoldenData.Root, path), [File.ReadAllBytes(path)]));
}
