// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Loading;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Any streaming data set as a map-style data set of TorchSharp: a sample is a tensor for each name.</summary>
/// <remarks>
/// <para><see cref="StreamingDataLoader"/> reads it fastest. A stock <c>torch.utils.data.DataLoader</c> reads it too, sample by sample;
/// give it <see cref="CreateSampler"/> to get the data set's own order.</para>
/// <para>Samples may be read by several threads at a time. Mirrors <c>streaming.StreamingDataset</c> as PyTorch's loader sees it.</para>
/// </remarks>
public class StreamingMapDataset : utils.data.Dataset
{
    /// <summary>Creates a data set whose samples the engine turns into rows of tensors, in place: the fast way.</summary>
    /// <param name="source">The data set; disposed with this one.</param>
    /// <param name="transform">What becomes of a sample, for example a <see cref="ColumnSet"/>.</param>
    /// <param name="leaveOpen">Whether <paramref name="source"/> is not disposed with this data set.</param>
    /// <exception cref="ArgumentException">The samples lack a column that the transform needs, or it has an encoding that cannot be
    /// read.</exception>
    public StreamingMapDataset(StreamingDataset source, SampleTransform transform, bool leaveOpen = false)
        : this(TensorSource.Create(source, ColumnRecipe.Create(transform), leaveOpen))
    {
    }

    /// <summary>Creates a data set whose samples a function turns into tensors: the way for code that has no faster one.</summary>
    /// <param name="source">The data set; disposed with this one.</param>
    /// <param name="function">Makes the tensors of a sample.</param>
    /// <param name="collate">Puts the samples of a batch together, on the loop's thread; <see langword="null"/> to stack them name by
    /// name. It must not dispose its input.</param>
    /// <param name="leaveOpen">Whether <paramref name="source"/> is not disposed with this data set.</param>
    public StreamingMapDataset(
        StreamingDataset source,
        SampleFunction function,
        Func<IReadOnlyList<Dictionary<string, Tensor>>, Dictionary<string, Tensor>>? collate = null,
        bool leaveOpen = false)
        : this(TensorSource.Create(source, FunctionRecipe.Create(function, collate), leaveOpen))
    {
    }

    internal StreamingMapDataset(TensorSource source) => TensorSource = source;

    /// <summary>Gets the engine's data set.</summary>
    public StreamingDataset Source => TensorSource.Dataset;

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
    /// <param name="index">The sample's number in the whole data set, from 0 to <see cref="Size"/> - 1.</param>
    /// <returns>A tensor for each name, without a batch dimension. They belong to the current dispose scope, otherwise to the
    /// caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="SampleDecodeException">The sample cannot be read, decoded or transformed.</exception>
    public override Dictionary<string, Tensor> GetTensor(long index) => TensorSource.Read(index);

    /// <summary>Reads several samples one by one as they are enumerated, for example <c>dataset.GetTensors(dataset.Source[10..20])</c>:
    /// the shards of the next ones are fetched meanwhile.</summary>
    /// <param name="samples">Which samples, selected from <see cref="Source"/>.</param>
    /// <returns>What <see cref="GetTensor"/> makes of each, in the order of the selection; on the thread that enumerates.</returns>
    /// <exception cref="SampleDecodeException">A sample cannot be read, decoded or transformed.</exception>
    /// <remarks>Mirrors <c>dataset[start:stop]</c> and <c>dataset[[…]]</c>.</remarks>
    public IEnumerable<Dictionary<string, Tensor>> GetTensors(SampleSelection samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return TensorSource.Read(samples);
    }

    /// <summary>Makes the data set's order, to be given to a stock loader as its shuffler.</summary>
    /// <param name="batchSize">The samples in a batch, which the order depends on; <see langword="null"/> for the data set's batch
    /// size.</param>
    /// <param name="numWorkers">The number of logical workers, which the order depends on; see <see cref="StreamingDataLoader"/>.</param>
    /// <returns>The sampler; each enumeration of it is an epoch.</returns>
    /// <exception cref="ArgumentException">There is no batch size, or two that differ.</exception>
    public EpochSampler CreateSampler(int? batchSize = null, int numWorkers = 0) =>
        EpochSampler.Create(TensorSource, batchSize, numWorkers);

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
