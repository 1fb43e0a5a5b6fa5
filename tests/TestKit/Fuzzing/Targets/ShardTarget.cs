// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.TestKit;

/// <summary>Reads every value of a shard of one format, with an index that knows the damaged files' sizes, so that it is not the size that
/// gives the damage away.</summary>
internal sealed class ShardTarget(string format) : FuzzTarget
{
    private const long LargestShard = 1 << 17;

    private readonly Dictionary<string, ShardInfo> _shards = [];

    public override string Name => format;

    public override void Read(FuzzInput input, string scratch)
    {
        var shard = _shards[input.Name];
        var files = shard.Files.Select((file, i) => file with { Raw = file.Raw with { Bytes = input.Files[i].Length }, Zip = null });
        ReadShard(new ShardInfo { Schema = shard.Schema, SampleCount = shard.SampleCount, Files = [.. files] }, input, scratch);
    }

    protected override IEnumerable<FuzzInput> CreateInputs()
    {
        foreach (var dataset in GoldenDataset.All())
        {
            var shard = dataset.ReadIndex().Shards.FirstOrDefault(static shard => shard.SampleCount > 0);
            if (shard?.Schema.Format != format || shard.Compression is not null || shard.RawBytes > LargestShard)
            {
                continue;
            }

            _shards[dataset.Name] = shard;
            yield return new FuzzInput(
                dataset.Name, [.. shard.Files.Select(file => File.ReadAllBytes(Path.Combine(dataset.DataFolder, file.Raw.Basename)))]);
        }
    }

    private void ReadShard(ShardInfo shard, FuzzInput input, string scratch)
    {
        var paths = input.Files.Select((_, i) => Path.Combine(scratch, $"shard{i}")).ToArray();
        for (var i = 0; i < paths.Length; i++)
        {
            File.WriteAllBytes(paths[i], input.Files[i]);
        }

        using var reader = ShardReaders.Open(shard, paths);
        for (var sample = 0; sample < reader.SampleCount; sample++)
        {
            reader.PrefetchPlace(sample);
            reader.PrefetchSample(sample);
            for (var column = 0; column < reader.Schema.Columns.Length; column++)
            {
                if (FieldEncodings.ForColumn(reader.Schema, column).IsSafe)
                {
                    Try(() => reader.ReadValue(sample, column));
                }
            }
        }
    }
}
