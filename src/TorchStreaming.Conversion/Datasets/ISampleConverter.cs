// SPDX-License-Identifier: MIT

using TorchStreaming.Shards;

namespace TorchStreaming.Conversion;

/// <summary>Carries samples from shards to a writer.</summary>
internal interface ISampleConverter
{
    /// <summary>Carries one sample over.</summary>
    /// <param name="reader">The shard.</param>
    /// <param name="sample">The sample in it.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="ShardFormatException">The sample is damaged, or a value is not of its encoding.</exception>
    ValueTask ConvertAsync(ShardReader reader, int sample, CancellationToken cancellationToken);
}
