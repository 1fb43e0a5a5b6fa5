// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Diagnostics;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>What <see cref="StreamingDataLoader"/> reads: a map-style dataset of TorchSharp, whose samples are a tensor for each
/// name.</summary>
/// <remarks>
/// <para><see cref="StreamingDataLoader"/> reads it fastest. A stock <c>torch.utils.data.DataLoader</c> reads it too, sample by sample;
/// give it <see cref="CreateSampler"/> to get the dataset's own order.</para>
/// <para>Samples may be read by several threads at a time.</para>
/// </remarks>
public abstract class StreamingTensorDataset : utils.data.Dataset
{
    private protected StreamingTensorDataset(TensorSource source) => TensorSource = source;

    /// <summary>Gets how many samples of an epoch this rank has: upstream's <c>len(dataset)</c>. Ids go up to <see cref="Size"/>.</summary>
    public override long Count => TensorSource.EpochLength;

    /// <summary>Gets how many samples there are in all streams together.</summary>
    /// <remarks>Mirrors <c>streaming.StreamingDataset.size</c>.</remarks>
    public long Size => TensorSource.Shards.Spanner.SampleCount;

    /// <summary>Gets the epoch that was started last, from 0; -1 before the first.</summary>
    public long Epoch => TensorSource.Epoch;

    internal TensorSource TensorSource { get; }

    /// <summary>Reads one sample, downloading its shard if need be. Random transforms do what they do to this sample in the epoch started
    /// last, in the first epoch if none was.</summary>
    /// <param name="index">The sample's number in the whole dataset, from 0 to <see cref="Size"/> - 1.</param>
    /// <returns>A tensor for each name, without a batch dimension. They belong to the current dispose scope, otherwise to the
    /// caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="SampleDecodeException">The sample cannot be read, decoded or transformed.</exception>
    public override Dictionary<string, Tensor> GetTensor(long index) => TensorSource.Read(index);

    /// <summary>Makes the dataset's order, to be given to a stock loader as its shuffler.</summary>
    /// <param name="batchSize">The samples in a batch, which the order depends on; <see langword="null"/> for the dataset's batch
    /// size.</param>
    /// <param name="numWorkers">The number of logical workers, which the order depends on; see <see cref="StreamingDataLoader"/>.</param>
    /// <returns>The sampler; each enumeration of it is an epoch.</returns>
    /// <exception cref="ArgumentException">There is no batch size, or two that differ.</exception>
    public EpochSampler CreateSampler(int? batchSize = null, int numWorkers = 0) =>
        EpochSampler.Create(TensorSource, batchSize, numWorkers);

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name}: {Counted.Of(Size, "sample")}, {Count} of an epoch on this rank";

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            TensorSource.Dispose();
        }

        base.Dispose(disposing);
    }
}
