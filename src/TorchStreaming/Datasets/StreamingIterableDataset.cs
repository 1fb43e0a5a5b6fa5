// SPDX-License-Identifier: MIT

using TorchStreaming.Diagnostics;
using TorchStreaming.Transforms;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Any streaming dataset as what TorchSharp calls an iterable dataset: a sample is a list of tensors, in the order of the
/// columns.</summary>
/// <remarks>As in TorchSharp, samples are still read by number. Use it with code that wants lists; otherwise
/// <see cref="StreamingMapDataset"/> has names. Samples may be read by several threads at a time.</remarks>
public class StreamingIterableDataset : utils.data.IterableDataset
{
    private readonly StreamingMapDataset _named;

    /// <summary>Creates a dataset whose samples the engine turns into rows of tensors.</summary>
    /// <param name="source">The dataset; disposed with this one.</param>
    /// <param name="transform">The transform applied to a sample, for example a <see cref="ColumnSet"/>.</param>
    /// <param name="leaveOpen">Whether <paramref name="source"/> is not disposed with this dataset.</param>
    /// <exception cref="ArgumentException">The samples lack a column that the transform needs, or it has an encoding that cannot be
    /// read.</exception>
    public StreamingIterableDataset(StreamingDataset source, SampleTransform transform, bool leaveOpen = false) =>
        _named = new StreamingMapDataset(source, transform, leaveOpen);

    /// <summary>Creates a dataset whose samples a function turns into tensors, in the order in which it adds them.</summary>
    /// <param name="source">The dataset; disposed with this one.</param>
    /// <param name="function">Makes the tensors of a sample.</param>
    /// <param name="leaveOpen">Whether <paramref name="source"/> is not disposed with this dataset.</param>
    public StreamingIterableDataset(StreamingDataset source, SampleFunction function, bool leaveOpen = false) =>
        _named = new StreamingMapDataset(source, function, collate: null, leaveOpen);

    /// <summary>Gets the engine's dataset.</summary>
    public StreamingDataset Source => _named.Source;

    /// <summary>Gets how many samples of an epoch this rank has: upstream's <c>len(dataset)</c>. Ids go up to <see cref="Size"/>.</summary>
    public override long Count => _named.Count;

    /// <summary>Gets how many samples there are in all streams together.</summary>
    public long Size => _named.Size;

    /// <summary>Reads one sample; see <see cref="StreamingTensorDataset.GetTensor"/>.</summary>
    /// <param name="index">The sample's number in the whole dataset, from 0 to <see cref="Size"/> - 1.</param>
    /// <returns>The tensors, without a batch dimension. They belong to the current dispose scope, otherwise to the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="SampleDecodeException">The sample cannot be read, decoded or transformed.</exception>
    public override IList<Tensor> GetTensor(long index) => [.. _named.GetTensor(index).Values];

    /// <summary>Makes the dataset's order, to be given to a stock loader as its shuffler.</summary>
    /// <param name="batchSize">The samples in a batch, which the order depends on; <see langword="null"/> for the dataset's batch
    /// size.</param>
    /// <param name="numWorkers">The number of logical workers, which the order depends on.</param>
    /// <returns>The sampler; each enumeration of it is an epoch.</returns>
    /// <exception cref="ArgumentException">There is no batch size, or two that differ.</exception>
    public EpochSampler CreateSampler(int? batchSize = null, int numWorkers = 0) => _named.CreateSampler(batchSize, numWorkers);

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name}: {Counted.Of(Size, "sample")}, {Count} of an epoch on this rank";

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _named.Dispose();
        }

        base.Dispose(disposing);
    }
}
