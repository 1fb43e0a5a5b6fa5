// SPDX-License-Identifier: MIT

using TorchStreaming.Datasets;
using TorchStreaming.Diagnostics;
using TorchStreaming.Loading;
using TorchStreaming.Storage;
using TorchStreaming.Streams;
using TorchStreaming.Tensors;
using static TorchSharp.torch;

namespace TorchStreaming;

/// <summary>Datasets of AIStore that are read from their first object to their last. Derive from it and say what samples there
/// are.</summary>
/// <remarks><para>TorchSharp's iterable datasets are read by number all the same: numbers that go up are the samples of an epoch in their
/// order, and a number that was given before starts the next epoch. Give a stock loader no shuffler; <c>shuffle</c> here shuffles.</para>
/// <para>Not thread-safe, but for <see cref="GetTensor"/>. Mirrors <c>aistore.pytorch.AISBaseIterDataset</c>.</para></remarks>
public abstract class AISBaseIterDataset : utils.data.IterableDataset
{
    private readonly SampleCursor _cursor;
    private long? _count;

    /// <summary>Creates the dataset; no I/O is done yet.</summary>
    /// <param name="options">What to read, in which order.</param>
    /// <exception cref="ArgumentException">There is no source.</exception>
    protected AISBaseIterDataset(AISIterDatasetOptions options)
    {
        LibTorch.Require();
        ArgumentNullException.ThrowIfNull(options);
        List = new AISObjectList(options.Sources, options.PrefixMap, GetType().Name);
        Options = options;
        _cursor = new SampleCursor(ReadSamples);
    }

    /// <summary>Gets how the dataset reads.</summary>
    public AISIterDatasetOptions Options { get; }

    /// <summary>Gets the number of samples of this share: the objects of a listing that is made when it is first asked for. A running epoch
    /// is not disturbed.</summary>
    /// <remarks>In the reference it is the number of all objects, of all workers, and counting ends a running epoch.</remarks>
    public override long Count => _count ??= CountSamples();

    private AISObjectList List { get; }

    /// <summary>Reads a sample of the epoch.</summary>
    /// <param name="index">Its place in the epoch.</param>
    /// <returns>Its tensors; they belong to the current dispose scope, otherwise to the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The epoch has no such sample.</exception>
    /// <exception cref="StorageException">A listing or a read failed.</exception>
    /// <exception cref="SampleDecodeException">The bytes cannot be decoded.</exception>
    public override IList<Tensor> GetTensor(long index) => _cursor.Read(index)();

    /// <summary>Reads the next epoch: for each sample what makes its tensors.</summary>
    /// <returns>The samples.</returns>
    protected abstract IEnumerable<Func<IList<Tensor>>> ReadSamples();

    /// <summary>Counts the samples of this share.</summary>
    /// <returns>The number of objects, unless a derived class knows better.</returns>
    protected virtual long CountSamples() => ListObjects().LongCount();

    /// <summary>Lists the objects of this share, in the order of an epoch.</summary>
    /// <param name="epoch">The epoch, which matters when the order is shuffled.</param>
    /// <returns>The objects, fetched page by page as the enumeration continues.</returns>
    protected IEnumerable<AISObject> ListObjects(long epoch = 0) =>
        BlockingEnumeration.Of(List.ReadShareAsync(Options, epoch, CancellationToken.None));

    /// <summary>Says what the dataset is, and how many samples it has if they were counted already.</summary>
    /// <returns>The line.</returns>
    public override string ToString() => _count is { } count
        ? $"{GetType().Name}: {Counted.Of(count, "sample")}"
        : $"{GetType().Name}, whose samples were not counted yet: Count asks the cluster";

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cursor.Dispose();
        }

        base.Dispose(disposing);
    }
}
