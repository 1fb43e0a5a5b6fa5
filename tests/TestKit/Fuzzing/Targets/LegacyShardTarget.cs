// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.TestKit;

/// <summary>Reads every value of a shard of the old Composer format.</summary>
internal sealed class LegacyShardTarget : FuzzTarget
{
    private readonly Dictionary<string, ShardInfo> _shards = [];

    public override string Name => "legacy-shard";

    public override void Read(FuzzInput input, string scratch)
    {
        var shard = _shards[input.Name];
        var path = Path.Combine(scratch, "shard");
        File.WriteAllBytes(path, input.Files[0]);
        using var reader = ShardReaders.Open(shard, [path]);
        for (var sample = 0; sample < reader.SampleCount; sample++)
        {
            for (var column = 0; column < reader.Schema.Columns.Length; column++)
            {
                Try(() => reader.ReadValue(sample, column));
            }
        }
    }

    protected override IEnumerable<FuzzInput> CreateInputs()
    {
        var folders = Directory.GetFiles(GoldenData.PathOf("composer-legacy"), LegacyIndex.FileName, SearchOption.AllDirectories)
            .Select(static path => Path.GetDirectoryName(path)!).Order(StringComparer.Ordinal);
        foreach (var folder in folders)
        {
            var index = LegacyIndex.Parse(File.ReadAllBytes(Path.Combine(folder, LegacyIndex.FileName)), folder, isCompressed: false);
            var shard = index.Shards.FirstOrDefault(static shard => shard.SampleCount > 0);
            var path = shard is null ? null : Path.Combine(folder, shard.Files[0].Raw.Basename);
            if (File.Exists(path))
            {
                var name = Path.GetRelativePath(GoldenData.Root, folder);
                _shards[name] = shard!;
                yield return new FuzzInput(name, [File.ReadAllBytes(path)]);
            }
        }
    }
}
