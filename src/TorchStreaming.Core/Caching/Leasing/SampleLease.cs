// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Caching;

/// <summary>A claim on samples that are in memory.</summary>
internal sealed class SampleLease(int shard, MdsSampleSet samples) : ShardLease
{
    public override int Shard => shard;

    public override ShardReader Reader => samples;

    public override void Dispose() => samples.Dispose();
}
